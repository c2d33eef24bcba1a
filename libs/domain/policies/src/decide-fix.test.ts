import { tenantId } from '@heed/kernel';
import { deciderSpec, exampleEvidence } from '@heed/testing';
import { describe, expect, it } from 'vitest';
import { decideFix } from './decide-fix.ts';
import { evolveFix, initialFix } from './evolve-fix.ts';
import { fixIdOf } from './fix-id.ts';
import { FIX_STATUSES, type FixCommand, type FixEvent, type FixStatus, type Rewrite } from './fix.ts';

const spec = deciderSpec({ decide: decideFix, evolve: evolveFix, initialState: initialFix });

const tenant = tenantId('default');
const rewrite: Rewrite = {
  fromState: 'play maj and dragons',
  toState: 'play imagine dragons',
  from: 'Play Maj and Dragons',
  to: 'play Imagine Dragons',
};
const id = fixIdOf(tenant, rewrite.fromState, rewrite.toState);
const mined = { atMs: 1000, who: 'learner', why: 'mined' };
const ada = { atMs: 2000, who: 'ada', why: 'read the sessions' };
const evidence = exampleEvidence();

const propose = { kind: 'propose', id, tenant, rewrite, evidence, ...mined } as const;
const proposed = { kind: 'fix-proposed', id, tenant, rewrite, evidence, ...mined } as const;
const event = (
  kind: Exclude<FixEvent['kind'], 'fix-proposed' | 'fix-evidence-renewed' | 'fix-went-stale'>,
): FixEvent => ({
  kind,
  ...ada,
});
const vetted = event('fix-vetted');
const inCanary = event('fix-put-in-canary');
const live = event('fix-went-live');
const retired = event('fix-retired');
const blocked = event('fix-blocked');

const historyTo: Record<FixStatus, readonly FixEvent[]> = {
  proposed: [proposed],
  vetted: [proposed, vetted],
  canary: [proposed, vetted, inCanary],
  live: [proposed, vetted, live],
  retired: [proposed, vetted, live, retired],
  blocked: [proposed, blocked],
};

describe('a fix, status by status', () => {
  type Outcome = readonly FixEvent[] | 'fix-unknown' | 'fix-blocked' | 'fix-transition-not-allowed';
  const no = 'fix-transition-not-allowed';
  const table: Record<
    'none' | FixStatus,
    Record<Exclude<FixCommand['kind'], 'propose' | 'mark-stale'>, Outcome>
  > = {
    none: {
      approve: 'fix-unknown',
      canary: 'fix-unknown',
      live: 'fix-unknown',
      retire: 'fix-unknown',
      block: 'fix-unknown',
    },
    proposed: {
      approve: [vetted],
      canary: [vetted, inCanary],
      live: [vetted, live],
      retire: [retired],
      block: [blocked],
    },
    vetted: { approve: [], canary: [inCanary], live: [live], retire: [retired], block: [blocked] },
    canary: { approve: no, canary: [], live: [live], retire: [retired], block: [blocked] },
    live: { approve: no, canary: no, live: [], retire: [retired], block: [blocked] },
    retired: { approve: no, canary: no, live: [vetted, live], retire: [], block: [blocked] },
    blocked: {
      approve: 'fix-blocked',
      canary: 'fix-blocked',
      live: 'fix-blocked',
      retire: 'fix-blocked',
      block: [],
    },
  };
  const actions = ['approve', 'canary', 'live', 'retire', 'block'] as const;
  const pairs = (['none', ...FIX_STATUSES] as const).flatMap((status) =>
    actions.map((action) => ({ status, action, outcome: table[status][action] })),
  );

  it.each(pairs)('$status, told to $action', ({ status, action, outcome }) => {
    const told = spec.given(status === 'none' ? [] : historyTo[status]).when({ kind: action, ...ada });
    if (typeof outcome === 'string') told.thenRefused(outcome);
    else told.then(outcome);
  });

  it.each(FIX_STATUSES)('its history leads to %s and says who and why at each step', (status) => {
    const fix = historyTo[status].reduce(evolveFix, initialFix);
    expect(fix.status).toBe(status);
    if (fix.status === 'none') return;
    expect(fix.history.at(-1)).toEqual({ status, ...(status === 'proposed' ? mined : ada) });
    expect(fix.history).toHaveLength(historyTo[status].length);
  });
});

describe('proposing', () => {
  const more = { ...evidence, wins: evidence.wins + 1 };
  const reworded: Rewrite = { ...rewrite, to: 'play imagine dragons please' };

  it('opens a fix', () => {
    spec.given([]).when(propose).then([proposed]);
  });

  it('the same again changes nothing', () => {
    spec
      .given([proposed])
      .when({ ...propose, ...ada })
      .then([]);
  });

  it('compares evidence by content, not by the order of its keys', () => {
    const turned = Object.fromEntries(Object.entries(evidence).reverse()) as typeof evidence;
    spec
      .given([proposed])
      .when({ ...propose, evidence: turned })
      .then([]);
  });

  it('again with figures that differ by rounding alone, or seen from other days, changes nothing', () => {
    const [gate] = evidence.gates;
    const rounded: typeof evidence = {
      ...evidence,
      window: { since: '2026-03-02', until: null },
      lowerBound: evidence.lowerBound + 1e-12,
      gates:
        gate === undefined ? [] : [{ ...gate, measured: gate.measured + 1e-12, margin: gate.margin + 1e-12 }],
      absorption: { ...evidence.absorption, B: evidence.absorption.B + 1e-12 },
    };
    spec
      .given([proposed])
      .when({ ...propose, evidence: rounded })
      .then([]);
  });

  it.each<[string, Partial<typeof evidence>]>([
    ['wins', { wins: 7 }],
    ['losses', { losses: 2 }],
    ['unlabelled sessions', { unlabelled: 1 }],
    ['users', { users: 8 }],
    ['sessions', { sessions: 13 }],
    ['verdicts of gates', { gates: evidence.gates.map((gate) => ({ ...gate, passed: !gate.passed })) }],
    ['versions of what measured it', { versions: { miner: 'absorbing-chain-2' } }],
  ])('again with other %s renews it', (_, change) => {
    const other = { ...evidence, ...change };
    spec
      .given([proposed])
      .when({ ...propose, evidence: other })
      .then([{ kind: 'fix-evidence-renewed', rewrite, evidence: other, ...mined }]);
  });

  it('again with more evidence renews it, and the text while nobody has vetted it', () => {
    spec
      .given([proposed])
      .when({ ...propose, rewrite: reworded, evidence: more })
      .then([{ kind: 'fix-evidence-renewed', rewrite: reworded, evidence: more, ...mined }]);
  });

  it.each(['vetted', 'canary', 'live'] as const)(
    'renews the evidence of a %s fix and keeps its text',
    (status) => {
      spec
        .given(historyTo[status])
        .when({ ...propose, rewrite: reworded, evidence: more })
        .then([{ kind: 'fix-evidence-renewed', rewrite, evidence: more, ...mined }]);
    },
  );

  it('renewed evidence is what the fix shows, and leaves its status and history', () => {
    const renewed = { kind: 'fix-evidence-renewed', rewrite, evidence: more, ...mined } as const;
    const before = historyTo.live.reduce(evolveFix, initialFix);
    expect(evolveFix(before, renewed)).toEqual({ ...before, evidence: more });
  });

  it('does not bring a retired fix back', () => {
    spec
      .given(historyTo.retired)
      .when({ ...propose, evidence: more })
      .thenRefused('fix-transition-not-allowed');
  });

  it('does not bring a blocked fix back', () => {
    spec
      .given(historyTo.blocked)
      .when({ ...propose, evidence: more })
      .thenRefused('fix-blocked');
  });

  it('never merges another pair of states into a fix, should two fall on one id', () => {
    const other = { ...rewrite, toState: 'play something else' };
    spec
      .given([proposed])
      .when({ ...propose, rewrite: other })
      .thenRefused('fix-transition-not-allowed');
  });
});

describe('a fix whose evidence was erased', () => {
  const heed = { atMs: 3000, who: 'heed', why: 'a user was forgotten' };
  const markStale = { kind: 'mark-stale', ...heed } as const;
  const wentStale = { kind: 'fix-went-stale', ...heed } as const;

  it.each(['proposed', 'vetted', 'canary', 'live', 'retired'] as const)(
    'that is %s becomes stale, says why in its history, and keeps its status and evidence',
    (status) => {
      spec.given(historyTo[status]).when(markStale).then([wentStale]);
      const before = historyTo[status].reduce(evolveFix, initialFix);
      const after = evolveFix(before, wentStale);
      if (before.status === 'none') throw new Error('there is a fix');
      expect(after).toEqual({
        ...before,
        stale: heed,
        history: [...before.history, { status, ...heed, stale: true }],
      });
    },
  );

  it('becomes so once', () => {
    spec
      .given([proposed, wentStale])
      .when({ ...markStale, atMs: 4000 })
      .then([]);
  });

  it('does not when it is blocked: nobody rests on it again', () => {
    spec.given(historyTo.blocked).when(markStale).then([]);
  });

  it('is refused when there is none', () => {
    spec.given([]).when(markStale).thenRefused('fix-unknown');
  });

  it('is fresh again once it is mined again, even where the same is found', () => {
    const renewed = { kind: 'fix-evidence-renewed', rewrite, evidence, ...mined } as const;
    spec
      .given([...historyTo.live, wentStale])
      .when(propose)
      .then([renewed]);
    const fix = [...historyTo.live, wentStale, renewed].reduce(evolveFix, initialFix);
    expect(fix).toMatchObject({ status: 'live', stale: null });
  });
});

describe('a history', () => {
  it('that does not begin with a proposal is a fault, not a fix', () => {
    expect(() => evolveFix(initialFix, live)).toThrow(/begins with 'fix-went-live'/);
  });

  it('that has a second proposal is a fault, and no live fix begins anew', () => {
    const before = historyTo.live.reduce(evolveFix, initialFix);
    expect(() => evolveFix(before, proposed)).toThrow(/a second 'fix-proposed' while it is live/);
  });
});
