import { parseEvent } from '@heed/events';
import { deriveSession, givenAnswers, ruleModels, type SessionEvent } from '@heed/sessions';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeatureReader, type Reading } from '../features/feature-reader.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import { observeSession } from './observe-session.ts';
import type { SessionTurn } from './session-turn.ts';

const START_MS = Date.UTC(2026, 1, 1);
const MINUTE_MS = 60_000;

interface Sent {
  readonly afterMs: number;
  readonly type: string;
  readonly data: object;
}
/** What was stated of a turn, each with the opposite that could have been stated in its place. */
interface Stated extends Sent {
  readonly opposite: object;
}
/** One turn with all that is sent of it. */
interface Told {
  readonly asked: Sent;
  readonly did: readonly Sent[];
  readonly stated: readonly Stated[];
}

const OPPOSITES: readonly (readonly [type: string, data: object, opposite: object])[] = [
  ...[
    ['thumbs-up', 'thumbs-down'],
    ['love', 'angry'],
    ['like', 'dislike'],
  ].map(([a, b]) => ['reaction', { kind: a }, { kind: b }] as const),
  ...[1, 2, 3, 4, 5].map((value) => ['rating', ratingOf(value), ratingOf(6 - value)] as const),
  ['outcome', { name: 'success', value: true }, { name: 'success', value: false }],
];

function ratingOf(value: number): object {
  return { aspect: 'help', value, scale: { min: 1, max: 5 }, by: 'human' };
}

const later = fc.integer({ min: 1, max: MINUTE_MS - 1 });
const turnTold = fc.record({
  request: fc.constantFrom('play jazz', 'play some jazz', 'no, jazz', 'that is wrong', 'thanks', 'bye'),
  response: fc.constantFrom('Playing polka.', 'Sorry, I cannot.', 'Which one?'),
  again: fc.option(fc.record({ afterMs: later, text: fc.constantFrom('Playing jazz.', 'Sorry.') })),
  did: fc.array(
    fc.record({ afterMs: later, kind: fc.constantFrom('copied', 'regenerated', 'abandoned', 'stopped') }),
    { maxLength: 2 },
  ),
  stated: fc.array(fc.record({ afterMs: later, what: fc.constantFrom(...OPPOSITES), isTold: fc.boolean() }), {
    maxLength: 4,
  }),
});
const conversation: fc.Arbitrary<readonly Told[]> = fc
  .array(turnTold, { minLength: 1, maxLength: 5 })
  .map((turns) =>
    turns.map(({ request, response, again, did, stated }, n): Told => {
      const turn = `t${String(n)}`;
      const atMs = n * MINUTE_MS;
      return {
        asked: {
          ...{ afterMs: atMs, type: 'turn' },
          data: { turn, user: 'u', request: { text: request }, response: { text: response } },
        },
        did: [
          ...(again === null
            ? []
            : [
                {
                  ...{ afterMs: atMs + again.afterMs, type: 'response' },
                  data: { turn, response: { text: again.text } },
                },
              ]),
          ...did.map(({ afterMs, kind }) => ({
            ...{ afterMs: atMs + afterMs, type: 'behaviour' },
            data: { turn, user: 'u', kind },
          })),
        ],
        stated: stated.map(({ afterMs, what: [type, data, opposite] }) => ({
          ...{ afterMs: atMs + afterMs, type },
          ...{ data: { turn, ...data }, opposite: { turn, ...opposite } },
        })),
      };
    }),
  );

function eventsOf(sent: readonly Sent[]): readonly SessionEvent[] {
  return sent.map(({ afterMs, type, data }, position) => {
    const time = new Date(START_MS + afterMs).toISOString();
    const envelope = { specversion: '1.0', id: `e-${String(position)}`, source: '/app', subject: 's', time };
    const body = JSON.stringify({ ...envelope, type: `heed.${type}.v1`, data });
    const parsed = parseEvent(body, { receivedAtMs: START_MS });
    if (!parsed.ok) throw new Error(parsed.error.detail);
    return { event: parsed.value, position };
  });
}

/** As it was sent, and as it would have been had the opposite been stated of every turn. */
const asItWas = (told: readonly Told[]): readonly Sent[] =>
  told.flatMap(({ asked, did, stated }) => [asked, ...did, ...stated]);
const withLabelsFlipped = (told: readonly Told[]): readonly Sent[] =>
  asItWas(
    told.map((turn) => ({
      ...turn,
      stated: turn.stated.map((one) => ({ ...one, data: one.opposite })),
    })),
  );

type Plant = (turns: readonly SessionTurn[]) => readonly SessionTurn[];
const nothing: Plant = (turns) => turns;

/** Of each turn, by way of the real derivation. */
function featuresOf(sent: readonly Sent[], reading: Reading, plant: Plant): readonly FeatureTable[] {
  const events = eventsOf(sent);
  const { session, turns } = deriveSession(events, ruleModels);
  const reader = new FeatureReader(reading);
  return observeSession(session, plant(turns), givenAnswers(events), reading).map((turn) =>
    reader.read([turn]),
  );
}

/** Throws where any conversation has other features once every label of it says the opposite. */
function holdLabelsApart(reading: Reading, plant: Plant): void {
  fc.assert(
    fc.property(conversation, (told) => {
      expect(featuresOf(withLabelsFlipped(told), reading, plant)).toEqual(
        featuresOf(asItWas(told), reading, plant),
      );
    }),
    { seed: 20260301, numRuns: 150 },
  );
}

/** Throws where the features of a turn are others once nothing came after it but what was stated of it and its answers. */
function holdLaterApart(reading: Reading, plant: Plant): void {
  fc.assert(
    fc.property(conversation, (told) => {
      const all = featuresOf(asItWas(told), reading, plant);
      const cut = told.map((_, n) => {
        const until = told.slice(0, n + 1).map((turn, at) => ({
          ...turn,
          did: turn.did.filter(
            ({ type, afterMs }) => type === 'response' || (at < n && afterMs < n * MINUTE_MS),
          ),
        }));
        return featuresOf(asItWas(until), reading, plant)[n];
      });
      expect(cut).toEqual(all);
    }),
    { seed: 20260301, numRuns: 100 },
  );
}

/** Of a turn that was stated to have served its user, as though it had been copied. */
const tellsLabel: Plant = (turns) =>
  turns.map((turn) => {
    const [served] = turn.signals.filter(
      ({ kind, value = 0 }) => /^(outcome|rating)/.test(kind) && value > 0.5,
    );
    return served === undefined
      ? turn
      : { ...turn, signals: [...turn.signals, { ...served, kind: 'behaviour.copied' }] };
  });

/** In the request, whether the user asked anything after it. */
const tellsLater: Plant = (turns) =>
  turns.map((turn, at) =>
    turns[at + 1] === undefined ? turn : { ...turn, request: `${turn.request} zilch` },
  );

describe('what a turn is labelled by', () => {
  it.each(['answer', 'aftermath'] as const)('stands in none of its features: the %s', (reading) => {
    holdLabelsApart(reading, nothing);
  });

  it('would be found in them, were it there', () => {
    expect(() => holdLabelsApart('aftermath', tellsLabel)).toThrow(/Property failed/u);
  });
});

describe('what came after an answer', () => {
  it('stands in no feature of a model that reads the answer', () => {
    holdLaterApart('answer', nothing);
  });

  it('would be found there, and is found in those of a model that may read it', () => {
    expect(() => holdLaterApart('answer', tellsLater)).toThrow(/Property failed/u);
    expect(() => holdLaterApart('aftermath', nothing)).toThrow(/Property failed/u);
  });
});
