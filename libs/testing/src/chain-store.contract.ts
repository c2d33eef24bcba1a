import { fixId, tenantId } from '@heed/kernel';
import type { DerivedSession } from '@heed/sessions';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainSession } from './chain-session.ts';
import { TenantChains, type ChainStores } from './tenant-chains.ts';
import { workedExample } from './worked-example.ts';

export interface ChainStoresUnderTest extends ChainStores {
  readonly close?: () => Promise<void>;
}

const [MONDAY, TUESDAY, THURSDAY] = ['2026-03-02', '2026-03-03', '2026-03-05'];

/** What every `ChainStore` must do. The stores are opened once; each test has a tenant of its own. */
export function chainStoreContract(name: string, open: () => Promise<ChainStoresUnderTest>): void {
  describe(`${name} as a ChainStore`, () => {
    let stores: ChainStoresUnderTest;
    let tenants = 0;
    const aTenant = (): TenantChains => new TenantChains(stores, tenantId(`tenant-${tenants++}`));
    beforeAll(async () => {
      stores = await open();
    }, 60_000);
    afterAll(async () => {
      await stores.close?.();
    });

    describe('counts', () => {
      it('are those of the worked example', async () => {
        const tenant = aTenant();
        await tenant.put(...workedExample());
        expect(await tenant.recount()).toEqual([MONDAY]);
        expect(await tenant.counts()).toEqual([
          'A > B: 6',
          'A > C: 3',
          'A > failures: 3',
          'B > failures: 1',
          'B > successes: 21',
          'C > B: 5',
          'C > failures: 3',
        ]);
        expect(await stores.chains.totals(tenant.id, {})).toEqual({
          turns: 42,
          sessions: 28,
          states: 3,
          transitions: 3,
          unlabelledEnds: 0,
          outcomeModels: ['example-1'],
        });
      });

      it('come sorted by (from, to), each pair once, over states that are known by id', async () => {
        const tenant = aTenant();
        await tenant.put(...workedExample());
        await tenant.recount();
        const counts = await stores.chains.counts(tenant.id, {}, 1);
        const keys = Array.from(
          counts.from,
          (from, k) => from * counts.states + (counts.to[k] ?? Number.NaN),
        );
        expect(keys).toEqual([...new Set(keys)].sort((a, b) => a - b));
        expect(counts.stateIds).toHaveLength(counts.states);
      });

      it('count a step once a session, however often it was taken', async () => {
        const tenant = aTenant();
        await tenant.put(
          chainSession({ session: 's', states: ['a', 'b', 'a', 'b', 'a'], end: 'unlabelled' }),
        );
        await tenant.recount();
        expect(await tenant.counts()).toEqual(['a > b: 1', 'a > unlabelled: 1', 'b > a: 1']);
        expect(await stores.chains.totals(tenant.id, {})).toMatchObject({
          sessions: 1,
          transitions: 2,
          unlabelledEnds: 1,
        });
      });

      it('do not change when a session is written twice', async () => {
        const tenant = aTenant();
        const sessions = workedExample();
        const version = await tenant.put(...sessions);
        await tenant.recount();
        const once = await tenant.counts();
        await tenant.putAs(version, ...sessions);
        await tenant.recount();
        expect(await tenant.counts()).toEqual(once);
      });

      it('follow a session that a late event or a retraction changed', async () => {
        const tenant = aTenant();
        await tenant.put(chainSession({ session: 's', states: ['a', 'b'], end: 'success' }));
        await tenant.recount();
        await tenant.put(chainSession({ session: 's', states: ['a'], end: 'failure' }));
        await tenant.recount();
        expect(await tenant.counts()).toEqual(['a > failures: 1']);
      });

      it('keep to the highest version when an older one comes after it', async () => {
        const tenant = aTenant();
        await tenant.putAs(7, chainSession({ session: 's', states: ['a', 'b'], end: 'success' }));
        await tenant.putAs(3, chainSession({ session: 's', states: ['a'], end: 'unlabelled' }));
        await tenant.recount();
        expect(await tenant.counts()).toEqual(['a > b: 1', 'b > successes: 1']);
      });

      it('move with a session whose end moves to another day, and the day it leaves is empty', async () => {
        const tenant = aTenant();
        await tenant.put(chainSession({ session: 's', states: ['a'], end: 'success', day: MONDAY }));
        await tenant.recount();
        await tenant.put(chainSession({ session: 's', states: ['a', 'b'], end: 'success', day: TUESDAY }));
        expect(await tenant.recount()).toEqual([MONDAY, TUESDAY]);
        expect(await tenant.counts({ until: TUESDAY })).toEqual([]);
        expect(await tenant.counts({ since: TUESDAY })).toEqual(['a > b: 1', 'b > successes: 1']);
      });

      it('are of the window, its first day included and its last not', async () => {
        const tenant = aTenant();
        await tenant.put(...oneSessionADay());
        await tenant.recount();
        expect(await tenant.counts({ since: TUESDAY, until: THURSDAY })).toEqual(['tue > successes: 1']);
        expect(await stores.chains.totals(tenant.id, { since: TUESDAY })).toMatchObject({
          sessions: 2,
          turns: 2,
          states: 2,
        });
      });

      it('weigh a day less for each day that it is older than the newest of the window', async () => {
        const tenant = aTenant();
        await tenant.put(...oneSessionADay());
        await tenant.recount();
        expect(await tenant.counts({}, 0.5)).toEqual([
          'mon > successes: 0.125',
          'thu > successes: 1',
          'tue > successes: 0.25',
        ]);
        expect(await tenant.counts({ until: THURSDAY }, 0.5)).toEqual([
          'mon > successes: 0.5',
          'tue > successes: 1',
        ]);
      });

      it('of one tenant know nothing of another', async () => {
        const [one, other] = [aTenant(), aTenant()];
        await one.put(chainSession({ session: 's', states: ['a'], end: 'success' }));
        await other.put(chainSession({ session: 's', states: ['b'], end: 'failure' }));
        await one.recount();
        expect(await one.counts()).toEqual(['a > successes: 1']);
        expect(await other.recount()).toEqual([MONDAY]);
        expect(await other.counts()).toEqual(['b > failures: 1']);
      });

      it('of nothing are empty', async () => {
        const tenant = aTenant();
        expect(await tenant.recount()).toEqual([]);
        expect(await tenant.counts()).toEqual([]);
        expect(await stores.chains.totals(tenant.id, {})).toEqual({
          turns: 0,
          sessions: 0,
          states: 0,
          transitions: 0,
          unlabelledEnds: 0,
          outcomeModels: [],
        });
      });

      it('name each model that decided outcomes once, and none for a session without turns', async () => {
        const tenant = aTenant();
        const by = (model: string, session: string, states: readonly string[]) => {
          const made = chainSession({ session, states, end: 'success' });
          return { ...made, models: { ...made.models, outcome: model } };
        };
        await tenant.put(
          by('rules-1', 's1', ['a']),
          by('defect-1', 's2', ['a']),
          by('defect-1', 's3', ['b']),
        );
        await tenant.put(by('rules-0', 's4', []));
        expect(await stores.chains.totals(tenant.id, {})).toMatchObject({
          outcomeModels: ['defect-1', 'rules-1'],
        });
      });

      it('equal a recount from nothing whatever sessions were written again, moved or doubled on the way', async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.array(fc.array(aSession, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
            async (batches) => {
              const [gradually, atOnce] = [aTenant(), aTenant()];
              const last = new Map<string, DerivedSession>();
              for (const batch of batches) {
                const sessions = [...new Map(batch.map((session) => [session.session, session])).values()];
                const version = await gradually.put(...sessions);
                await gradually.putAs(version, ...sessions);
                await gradually.recount();
                for (const session of sessions) last.set(session.session, session);
              }
              await atOnce.put(...last.values());
              await atOnce.recount();
              expect(await gradually.counts()).toEqual(await atOnce.counts());
              expect(await gradually.counts({}, 0.9)).toEqual(await atOnce.counts({}, 0.9));
            },
          ),
          { seed: 20260302, numRuns: 8 },
        );
      }, 60_000);
    });

    describe('recounting', () => {
      it('touches dirty days alone, and none the second time', async () => {
        const tenant = aTenant();
        await tenant.put(...oneSessionADay());
        expect(await tenant.recount()).toEqual([MONDAY, TUESDAY, THURSDAY]);
        expect(await tenant.recount()).toEqual([]);
        await tenant.put(chainSession({ session: 'new', states: ['x'], end: 'success', day: TUESDAY }));
        expect(await tenant.recount()).toEqual([TUESDAY]);
      });

      it('tells how far it is, up to the last day', async () => {
        const tenant = aTenant();
        await tenant.put(...oneSessionADay());
        const told: (readonly [number, number])[] = [];
        await stores.chains.recount(tenant.id, (done, of) => told.push([done, of]));
        expect(told.at(-1)).toEqual([3, 3]);
      });
    });

    describe('evidence', () => {
      it('is of the sessions that went from the source on to end at the target, each once', async () => {
        const tenant = aTenant();
        await tenant.put(
          chainSession({ session: 's3', states: ['a', 'b'], end: 'success', user: 'u1' }),
          chainSession({ session: 's1', states: ['a', 'x', 'a', 'b'], end: 'success', user: 'u2' }),
          chainSession({ session: 's2', states: ['a', 'b'], end: 'failure', user: 'u1' }),
          chainSession({ session: 's4', states: ['x', 'a', 'b'], end: 'unlabelled', user: 'u3' }),
          chainSession({ session: 'passes-through', states: ['a', 'b', 'x'], end: 'success', user: 'u4' }),
          chainSession({ session: 'wrong-way', states: ['b', 'a'], end: 'success', user: 'u5' }),
          chainSession({ session: 'alone', states: ['b'], end: 'success', user: 'u6' }),
        );
        await tenant.recount();
        expect(await tenant.evidence([['a', 'b']], {}, 3)).toEqual([
          {
            from: await tenant.idOf('a'),
            to: await tenant.idOf('b'),
            wins: 2,
            losses: 1,
            unlabelled: 1,
            users: 3,
            explored: 0,
            sessionIds: ['s1', 's2', 's3'],
          },
        ]);
      });

      it('counts all sessions that name no user as one user', async () => {
        const tenant = aTenant();
        await tenant.put(
          chainSession({ session: 's1', states: ['a', 'b'], end: 'success' }),
          chainSession({ session: 's2', states: ['a', 'b'], end: 'success' }),
          chainSession({ session: 's3', states: ['a', 'b'], end: 'success', user: 'u' }),
        );
        await tenant.recount();
        expect(await tenant.evidence([['a', 'b']])).toMatchObject([{ users: 2, wins: 3 }]);
      });

      it('tells exploring sessions: topics wandered through, or an answer of the source dealt with', async () => {
        const tenant = aTenant();
        await tenant.put(
          chainSession({ session: 's1', states: ['a', 'b'], end: 'success', engaged: [0] }),
          chainSession({ session: 's2', states: ['a', 'b'], end: 'success', engaged: [1] }),
          chainSession({ session: 's3', states: ['x', 'a', 'b'], end: 'success', engaged: [0] }),
          chainSession({ session: 's4', states: ['a', 'b'], end: 'success', explored: true }),
        );
        await tenant.recount();
        expect(await tenant.evidence([['a', 'b']])).toMatchObject([{ wins: 4, explored: 2 }]);
      });

      it('answers many pairs, of the window alone', async () => {
        const tenant = aTenant();
        await tenant.put(
          chainSession({ session: 's1', states: ['a', 'b'], end: 'success', day: MONDAY }),
          chainSession({ session: 's2', states: ['a', 'b'], end: 'success', day: TUESDAY }),
          chainSession({ session: 's3', states: ['c', 'b'], end: 'failure', day: TUESDAY }),
        );
        await tenant.recount();
        const found = await tenant.evidence(
          [
            ['a', 'b'],
            ['c', 'b'],
          ],
          { since: TUESDAY },
        );
        expect(found.map(({ wins, losses }) => [wins, losses]).sort()).toEqual([
          [0, 1],
          [1, 0],
        ]);
      });
    });

    describe('texts', () => {
      it('tell the most successful and the most used wording of a state', async () => {
        const tenant = aTenant();
        await tenant.put(
          ...['Play jazz', 'Play jazz', 'play JAZZ'].map((wording, k) =>
            chainSession({
              session: `lost-${k}`,
              states: ['play jazz'],
              wordings: [wording],
              end: 'failure',
            }),
          ),
          chainSession({ session: 'won', states: ['play jazz'], wordings: ['play jazz!'], end: 'success' }),
          chainSession({
            session: 'passed',
            states: ['play jazz', 'x'],
            wordings: ['play jazz please'],
            end: 'success',
          }),
        );
        await tenant.recount();
        expect(await tenant.text('play jazz')).toEqual({
          state: 'play jazz',
          bestWording: 'play jazz!',
          commonWording: 'Play jazz',
        });
      });

      it('break ties by use, then by text', async () => {
        const tenant = aTenant();
        await tenant.put(
          chainSession({ session: 's1', states: ['a'], wordings: ['b'], end: 'success' }),
          chainSession({ session: 's2', states: ['a'], wordings: ['c'], end: 'success' }),
          chainSession({ session: 's3', states: ['a'], wordings: ['c'], end: 'failure' }),
          chainSession({ session: 's4', states: ['z'], wordings: ['y'], end: 'failure' }),
          chainSession({ session: 's5', states: ['z'], wordings: ['x'], end: 'failure' }),
        );
        await tenant.recount();
        expect(await tenant.text('a')).toMatchObject({ bestWording: 'c', commonWording: 'c' });
        expect(await tenant.text('z')).toMatchObject({ bestWording: 'x', commonWording: 'x' });
      });
    });

    describe('served turns', () => {
      it('are counted by rewritten state, beside the source without them', async () => {
        const tenant = aTenant();
        await tenant.put(
          chainSession({ session: 's1', states: ['a\u001ffix-1'], end: 'success' }),
          chainSession({ session: 's2', states: ['a\u001ffix-1', 'b'], end: 'success' }),
          chainSession({ session: 's3', states: ['a', 'b'], end: 'success' }),
          chainSession({ session: 's4', states: ['a', 'b', 'a'], end: 'success' }),
          chainSession({ session: 's5', states: ['a'], end: 'failure' }),
          chainSession({ session: 's6', states: ['a'], end: 'unlabelled' }),
          chainSession({ session: 's7', states: ['a\u001ffix-1'], end: 'unlabelled' }),
          chainSession({ session: 's8', states: ['a\u001ffix-1'], end: 'failure', day: '2026-03-01' }),
        );
        await tenant.recount();
        const sinceMs = Date.parse(`${MONDAY}T00:00:00Z`);
        expect(await stores.chains.served(tenant.id, {}, [])).toMatchObject([{ sessions: 3, successes: 1 }]);
        expect(await stores.chains.served(tenant.id, {}, [{ id: fixId('fix-1'), sinceMs }])).toEqual([
          {
            fix: 'fix-1',
            state: await tenant.idOf('a\u001ffix-1'),
            sessions: 2,
            successes: 1,
            sourceSessions: 3,
            sourceSuccesses: 1,
          },
        ]);
        expect(await tenant.counts()).toContain('a > b: 2');
      });
    });
  });
}

function oneSessionADay(): readonly DerivedSession[] {
  return [
    chainSession({ session: 'mon', states: ['mon'], end: 'success', day: MONDAY }),
    chainSession({ session: 'tue', states: ['tue'], end: 'success', day: TUESDAY }),
    chainSession({ session: 'thu', states: ['thu'], end: 'success', day: THURSDAY }),
  ];
}

const aSession: fc.Arbitrary<DerivedSession> = fc
  .record({
    session: fc.constantFrom('s1', 's2', 's3', 's4', 's5'),
    states: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 5 }).map(collapseRepeats),
    end: fc.constantFrom('success', 'failure', 'unlabelled'),
    day: fc.constantFrom(MONDAY, TUESDAY, THURSDAY),
  })
  .map(chainSession);

function collapseRepeats(states: readonly string[]): readonly string[] {
  return states.filter((state, place) => state !== states[place - 1]);
}
