import type { HeedEvent } from '@heed/events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deriveSession } from './derive-session.ts';
import { judgeSession } from './judge-session.ts';
import type { SessionEvent } from './session-event.ts';
import { ruleModels } from './session-models.ts';
import { event, logged, NINE, SECOND } from './session-events.fixture.ts';

/** What decides an outcome that somebody stated. */
const STATED: ReadonlySet<string> = new Set(['outcome', 'rating', 'reaction']);

const RUNS = { seed: 20260301, numRuns: 300 };

const turnName = fc.constantFrom('t0', 't1', 't2', 't3', 'never-sent');
const request = fc.constantFrom(
  'weather',
  'weather in paris',
  'weather pairs',
  'no i said rome',
  'thanks',
  'play jazz',
  'ok',
  '',
);
const user = fc.constantFrom('u-1', 'u-2');
// Few times, so that events often fall together and ids have to tell them apart.
const time = fc.integer({ min: 0, max: 8 }).map((step) => NINE + step * 7 * SECOND);

type Draft = (id: string, timeMs: number) => HeedEvent;

const drafts: fc.Arbitrary<Draft> = fc.oneof(
  fc.record({ turn: turnName, user, text: request }).map(
    ({ turn, user: by, text }): Draft =>
      (id, at) =>
        event('turn', id, at, { turn, user: by, request: { text } }),
  ),
  turnName.map(
    (turn): Draft =>
      (id, at) =>
        event('response', id, at, { turn, response: { text: `answer ${id}?` } }),
  ),
  fc.record({ turn: turnName, kind: fc.constantFrom('love', 'thumbs-down', 'wow') }).map(
    ({ turn, kind }): Draft =>
      (id, at) =>
        event('reaction', id, at, { turn, kind }),
  ),
  fc.record({ turn: turnName, retracts: fc.integer({ min: 0, max: 11 }) }).map(
    ({ turn, retracts }): Draft =>
      (id, at) =>
        event('reaction', id, at, { turn, kind: 'love', retracts: `e-${String(retracts)}` }),
  ),
  turnName.map(
    (turn): Draft =>
      (id, at) =>
        event('behaviour', id, at, { turn, kind: 'dwelled', ms: 20_000 }),
  ),
  fc.boolean().map(
    (value): Draft =>
      (id, at) =>
        event('outcome', id, at, { name: 'success', value }),
  ),
  fc.integer({ min: 1, max: 5 }).map(
    (value): Draft =>
      (id, at) =>
        event('rating', id, at, {
          aspect: 'help',
          value,
          scale: { min: 1, max: 5 },
          by: 'human',
          user: 'u-3',
        }),
  ),
);

const sessions: fc.Arbitrary<readonly SessionEvent[]> = fc
  .array(fc.tuple(drafts, time), { minLength: 1, maxLength: 12 })
  .map((list) => logged(list.map(([draft, at], i) => draft(`e-${String(i)}`, at))));

const shuffled = (events: readonly SessionEvent[]): fc.Arbitrary<readonly SessionEvent[]> =>
  fc.shuffledSubarray([...events], { minLength: events.length, maxLength: events.length });

test('events may arrive in any order', () => {
  const cases = sessions.chain((events) => fc.tuple(fc.constant(events), shuffled(events)));

  fc.assert(
    fc.property(cases, ([events, permuted]) => {
      expect(deriveSession(permuted, ruleModels)).toEqual(deriveSession(events, ruleModels));
    }),
    RUNS,
  );
});

test('events may arrive any number of times, later copies at later places in the log', () => {
  const cases = sessions.chain((events) =>
    fc.tuple(
      fc.constant(events),
      fc.subarray([...events]).chain((copies) => shuffled([...events, ...copies.map(later)])),
    ),
  );

  fc.assert(
    fc.property(cases, ([events, repeated]) => {
      expect(deriveSession(repeated, ruleModels)).toEqual(deriveSession(events, ruleModels));
    }),
    RUNS,
  );
});

test('a retracted reaction is as if it had never been, but for the count of events', () => {
  const cases = fc.tuple(sessions, time, time, fc.constantFrom('love', 'thumbs-down'));

  fc.assert(
    fc.property(cases, ([events, reactedAt, retractedAt, kind]) => {
      const [turn] = events.flatMap(({ event: one }) => (one.name === 'turn' ? [one.data.turn] : []));
      if (turn === undefined) return;
      const of = { turn, user: 'u-8' };
      const reaction = event('reaction', 'x-1', reactedAt, { ...of, kind });
      const retraction = event('reaction', 'x-2', retractedAt, { ...of, kind, retracts: 'x-1' });
      const both = [reaction, retraction].map((one, i) => ({ event: one, position: 100 + i }));

      const before = deriveSession(events, ruleModels);

      expect(deriveSession([...events, ...both], ruleModels)).toEqual({
        ...before,
        storedEvents: before.storedEvents + 2,
      });
    }),
    RUNS,
  );
});

test('every distinct event is either stored or an orphan', () => {
  fc.assert(
    fc.property(sessions, (events) => {
      const { storedEvents, orphans } = deriveSession(events, ruleModels);

      expect(storedEvents + orphans.length).toBe(events.length);
    }),
    RUNS,
  );
});

test('every request of a session gets a sound label', () => {
  fc.assert(
    fc.property(sessions, (events) => {
      const { turns } = deriveSession(events, ruleModels);
      for (const [i, { reformulation, followUp, outcome }] of turns.entries()) {
        expect(reformulation.repairs === undefined).toBe(reformulation.kind === 'none');
        expect(followUp === undefined).toBe(i === turns.length - 1);
        for (const probability of [
          reformulation.probability,
          outcome.probability,
          followUp?.probability ?? 1,
        ]) {
          expect(probability).toBeGreaterThanOrEqual(0);
          expect(probability).toBeLessThanOrEqual(1);
        }
      }
    }),
    RUNS,
  );
});

function later({ event: one, position }: SessionEvent): SessionEvent {
  return { event: one, position: position + 1_000 };
}

test('what anybody stated of a turn stands, and all but outcomes and end, whatever a model says', () => {
  const cases = fc.tuple(
    sessions,
    fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 12, maxLength: 12 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );

  fc.assert(
    fc.property(cases, ([events, failing, threshold]) => {
      const derived = deriveSession(events, ruleModels);
      const judged = judgeSession(derived, { id: 'defect-1', threshold }, failing);

      for (const [at, { outcome, ...left }] of judged.turns.entries()) {
        const { outcome: before, ...rest } = derived.turns[at] ?? {};
        expect(left).toEqual(rest);
        if (outcome.decidedBy === 'model') expect(outcome.probability).toBe(1 - (failing[at] ?? NaN));
        else expect(outcome).toEqual(before);
        expect(STATED.has(outcome.decidedBy)).toBe(STATED.has(before?.decidedBy ?? ''));
      }
      const { turns, chain, models, ...others } = judged;
      expect(turns).toHaveLength(derived.turns.length);
      expect({ ...chain, end: '' }).toEqual({ ...derived.chain, end: '' });
      expect(models).toEqual({ ...derived.models, outcome: 'defect-1' });
      expect(derived).toMatchObject(others);
    }),
    RUNS,
  );
});
