import { fixId, tenantId } from '@heed/kernel';
import {
  chainSession,
  InMemoryChainStore,
  InMemorySessionStore,
  TenantChains,
  workedExample,
} from '@heed/testing';
import type { DerivedSession } from '@heed/sessions';
import { describe, expect, it } from 'vitest';
import { mineTenant, type MiningProgress, type MiningReport, type MiningRequest } from './mine-tenant.ts';

/** Gates wide open: what the chain says is what is proposed. Names of the worked example share no letter. */
const OPEN = { sessions: 0, users: 0, exploration: 1, similarity: 0, lowerBound: -1 };

async function mine(sessions: readonly DerivedSession[], request: MiningRequest = {}): Promise<MiningReport> {
  const store = new InMemorySessionStore();
  const tenant = tenantId('t');
  await new TenantChains({ sessions: store, chains: new InMemoryChainStore(store) }, tenant).put(...sessions);
  let nowMs = 0;
  return mineTenant(new InMemoryChainStore(store), tenant, request, { nowMs: () => (nowMs += 500) });
}

function times(
  count: number,
  states: readonly string[],
  end: DerivedSession['chain']['end'],
  name = states.join('>'),
): DerivedSession[] {
  return Array.from({ length: count }, (_, k) =>
    chainSession({ session: `${name}-${end}-${k}`, states, end, user: `user-${k}` }),
  );
}

/** Ten users say it wrong and then right; some give up. */
const TYPO = [
  ...times(10, ['play maj and dragons', 'play imagine dragons'], 'success'),
  ...times(4, ['play maj and dragons'], 'failure'),
  ...times(20, ['play imagine dragons'], 'success'),
];

describe('mineTenant', () => {
  it('finds the rewrites of the worked example with the figures worked by hand', async () => {
    const report = await mine(workedExample(), { gates: OPEN });
    const proposed = report.proposals.map(({ from, to }) => `${from} > ${to}`);
    expect(proposed.sort()).toEqual(['A > B', 'C > B']);
    const absorptionOf = (from: string) =>
      report.proposals.find((proposal) => proposal.from === from)?.evidence.absorption;
    const close = (expected: number): unknown => expect.closeTo(expected, 12);
    expect(absorptionOf('A')).toEqual({
      n_i: 12,
      n_j: 22,
      Q_ij: 0.5,
      N_ij: close(0.65625),
      R_j: close(21 / 22),
      B: close((0.65625 * 21) / 22),
      winProbability: close((0.65625 * 21) / 22),
      errorBound: expect.closeTo(0, 9) as unknown,
    });
    expect(absorptionOf('C')).toMatchObject({
      n_i: 8,
      Q_ij: 0.625,
      N_ij: close(0.625),
      B: close((0.625 * 21) / 22),
    });
    expect(report).toMatchObject({
      turns: 42,
      sessions: 28,
      states: 3,
      transitions: 3,
      unlabelledEnds: 0,
      seconds: 0.5,
    });
  });

  it('keeps all the evidence with a proposal', async () => {
    const { proposals, rejected, daysCounted } = await mine(TYPO, {
      window: { since: '2026-03-01' },
      versions: { normalisation: 'text-1' },
      sessionIdsPerProposal: 2,
    });
    expect(rejected).toEqual({});
    expect(daysCounted).toEqual(['2026-03-02']);
    expect(proposals).toHaveLength(1);
    expect(proposals[0]).toMatchObject({
      fromState: 'play maj and dragons',
      toState: 'play imagine dragons',
      from: 'play maj and dragons',
      to: 'play imagine dragons',
      evidence: {
        window: { since: '2026-03-01', until: null },
        wins: 10,
        losses: 0,
        unlabelled: 0,
        users: 10,
        sessions: 10,
        sessionIds: [
          'play maj and dragons>play imagine dragons-success-0',
          'play maj and dragons>play imagine dragons-success-1',
        ],
        versions: {
          ...{ miner: 'miner-1', similarity: 'similarity-lexical-1', normalisation: 'text-1' },
          outcome: 'example-1',
        },
      },
    });
    const gates = proposals[0]?.evidence.gates ?? [];
    expect(gates.map(({ gate }) => gate)).toEqual([
      'sessions',
      'users',
      'exploration',
      'similarity',
      'blockList',
      'lowerBound',
    ]);
    expect(gates.every(({ passed, margin }) => passed && margin >= 0)).toBe(true);
    expect(proposals[0]?.evidence.lowerBound).toBeGreaterThan(0.7);
  });

  it('serves the most successful wording of the target', async () => {
    const worded = times(12, ['x', 'y'], 'success').map((session, k) => {
      const wording = k < 7 ? 'Play Imagine Dragons!' : 'play imagine dragons';
      const [first, last] = session.chain.steps;
      if (first === undefined || last === undefined) throw new RangeError('two steps were asked for');
      const steps = [
        { ...first, wording: 'play imagin dragons' },
        { ...last, wording },
      ];
      return { ...session, chain: { ...session.chain, steps } };
    });
    const { proposals } = await mine(worded);
    expect(proposals.map(({ from, to }) => [from, to])).toEqual([
      ['play imagin dragons', 'Play Imagine Dragons!'],
    ]);
  });

  it.each([
    ['sessions', { sessions: 11 }],
    ['users', { users: 11 }],
    ['similarity', { similarity: 0.99 }],
    ['lowerBound', { lowerBound: 0.95 }],
  ])('counts a candidate under the gate it fails first: %s', async (gate, gates) => {
    const { proposals, rejected } = await mine(TYPO, { gates });
    expect(proposals).toEqual([]);
    expect(rejected).toEqual({ [gate]: 1 });
  });

  it('does not take exploring for struggling', async () => {
    const exploring = TYPO.map((session) => ({ ...session, chain: { ...session.chain, explored: true } }));
    expect((await mine(exploring)).rejected).toEqual({ exploration: 1 });
  });

  it('does not propose a blocked pair again', async () => {
    const blocked = [{ fromState: 'play maj and dragons', toState: 'play imagine dragons' }];
    expect((await mine(TYPO, { blocked })).rejected).toEqual({ blockList: 1 });
  });

  it('has nothing to rewrite between two states that users word alike', async () => {
    const alike = times(10, ['music{artist=a}', 'music{artist=b}'], 'success').map((session) => ({
      ...session,
      chain: {
        ...session.chain,
        steps: session.chain.steps.map((step) => ({ ...step, wording: 'play that' })),
      },
    }));
    expect((await mine(alike)).rejected).toEqual({ sameWording: 1 });
  });

  it('neither rewrites a state served under a fix nor to one', async () => {
    const served = 'play maj and dragons\u001ffix-1';
    const { proposals } = await mine([
      ...TYPO,
      ...times(50, ['play maj and dragons', served], 'success'),
      ...times(50, [served, 'play imagine dragons'], 'success'),
    ]);
    expect(proposals.map(({ fromState, toState }) => [fromState, toState])).toEqual([
      ['play maj and dragons', 'play imagine dragons'],
    ]);
  });

  it('switches off a live fix whose turns fare worse than the request did, and no other', async () => {
    const sessions = [
      ...times(30, ['a'], 'success'),
      ...times(10, ['a'], 'failure'),
      ...times(25, ['a\u001fworse'], 'failure'),
      ...times(25, ['a\u001fno-worse'], 'success'),
      ...times(25, ['a\u001fnot-live'], 'failure'),
    ];
    const { switchedOff } = await mine(sessions, {
      liveFixes: ['worse', 'no-worse'].map((id) => ({ id: fixId(id), sinceMs: 0 })),
    });
    expect(switchedOff.map(({ fix }) => fix)).toEqual(['worse']);
    expect(switchedOff[0]?.why).toMatch(/0 of 25 sessions.*30 of 40.*more than 0\.999/);
  });

  it.each([
    ['unlabelled', 20, 0.5],
    ['success', 20, 1],
    ['failure', 20, 0.5],
    ['drop', 10, 1],
  ] as const)('lets sessions that end with nothing said enter as %s', async (unlabelledEnds, n_j, R_j) => {
    const { proposals, unlabelledEnds: silent } = await mine(
      [...times(10, ['ask wrong', 'ask right'], 'success'), ...times(10, ['ask right'], 'unlabelled')],
      { unlabelledEnds, gates: OPEN },
    );
    expect(silent).toBe(10);
    expect(proposals[0]?.evidence.absorption).toMatchObject({ n_j, R_j });
  });

  it('finds nothing in no sessions, and says so in every figure', async () => {
    expect(await mine([])).toEqual({
      turns: 0,
      sessions: 0,
      states: 0,
      transitions: 0,
      unlabelledEnds: 0,
      outcomeModels: [],
      daysCounted: [],
      proposals: [],
      rejected: {},
      switchedOff: [],
      seconds: 0.5,
    });
  });

  it('tells every stage to its end', async () => {
    const sessions = new InMemorySessionStore();
    const chains = new InMemoryChainStore(sessions);
    await new TenantChains({ sessions, chains }, tenantId('t')).put(...TYPO);
    const told = new Map<string, MiningProgress>();
    await mineTenant(
      chains,
      tenantId('t'),
      {},
      { nowMs: () => 0, progress: (progress) => told.set(progress.stage, progress) },
    );
    expect([...told.keys()]).toEqual(['counting', 'solving', 'judging']);
    expect([...told.values()].every(({ done, of }) => done === of && of > 0)).toBe(true);
  });
});
