import { eventId, sessionId, turnId } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import type { ObservedReaction } from '../exposure/observed-turn.ts';
import { DEFAULT_EXPOSURE, type ExposureRules } from '../exposure/exposure-rules.ts';
import { DEFECT_EXPOSURE } from '../exposure/stated-verdicts.ts';
import type { Reading } from '../features/feature-reader.ts';
import { modelDriftOf } from './model-drift.ts';
import { TakenBackTally, type RetractedTurn } from './taken-back.ts';

const [positives, negatives] = [400, 1000];

/** What is told of a model of these rules that rests on the reactions named `behind-...`. */
function told(
  { rules = DEFAULT_EXPOSURE, reading = 'answer' }: { rules?: ExposureRules; reading?: Reading },
  bound: number,
  ...taken: (readonly RetractedTurn[])[]
) {
  const ids = Array.from({ length: 900 }, (_, n) => `behind-${String(n)}`);
  const tally = new TakenBackTally({
    exposure: { ...rules, positive: [...rules.positive], negative: [...rules.negative] },
    counts: { turns: 0, reactions: 0, reactors: 0, users: 0, examples: 1400, positives, negatives },
    features: { version: 'grams-1', reading, bags: [], numbers: [] },
    events: { count: ids.length, ids },
  });
  for (const some of taken) tally.take(some);
  const [fresh, card] = [
    { verdict: 'fresh', says: '', rows: [], tooFew: [] } as const,
    { model: 'love-ab', window: { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' } },
  ];
  const { events } = tally.result();
  return { ...modelDriftOf(card, 0, fresh, tally.result(), bound).takenBack, events };
}

type Kinds = Readonly<Record<string, string>>;

/** A turn by its reactions' ids and kinds: those taken back, and those that stand. */
function turn(n: number, retracted: Kinds, standing: Kinds = {}, aftermath = standing): RetractedTurn {
  const of = (kinds: Kinds): readonly Pick<ObservedReaction, 'event' | 'kind'>[] =>
    Object.entries(kinds).map(([event, kind]) => ({ event: eventId(event), kind }));
  return {
    session: sessionId(`s-${String(n)}`),
    turn: turnId('t'),
    retracted: of(retracted),
    standing: { answer: of(standing), aftermath: of(aftermath) },
  };
}

describe('reactions that were taken back', () => {
  const ten = Array.from({ length: 10 }, (_, n) => turn(n, { [`behind-${String(n)}`]: 'love' }));

  it('are told by the share of each class that is of it no more, and make a model stale from a share on', () => {
    expect(told({}, 10 / positives, ten, ten)).toMatchObject({
      reactions: 10,
      classes: [
        { of: 'positive', turns: 10, counted: positives, share: 10 / positives },
        { of: 'negative', turns: 0, counted: negatives, share: 0 },
      ],
      isStale: true,
      says: 'Of the reactions that it was learned from 10 were taken back since. By what stands, 10 of 400 positive examples (2.50 %) are of their class no more. 2.50 % is too much: train it again.',
    });
    expect(told({}, 10 / positives, ten.slice(1))).toMatchObject({ reactions: 9, isStale: false });
  });

  it('are none of those that were not learned from', () => {
    expect(told({}, 0, [turn(1, { other: 'love' })])).toMatchObject({ reactions: 0, isStale: false });
    expect(told({}, 0).says).toBe('No reaction that it was learned from was taken back.');
  });

  it('leave a label that others still give, and take one that others outvote', () => {
    const one = { 'behind-1': 'love' };
    const four = { 'behind-2': 'love', 'behind-3': 'like', 'behind-4': 'love', 'behind-5': 'love' };
    expect(told({}, 0, [turn(1, one, four)])).toMatchObject({
      ...{ reactions: 1, isStale: false, events: [] },
      classes: [{ turns: 0 }, { turns: 0 }],
    });
    const rules = { ...DEFAULT_EXPOSURE, negative: ['angry'] };
    const torn = turn(2, one, { 'behind-2': 'love', later: 'angry' });
    const other = turn(3, { 'behind-6': 'love' }, { later: 'angry' });
    expect(told({ rules }, 0, [torn, other])).toMatchObject({
      ...{ reactions: 2, isStale: true, events: ['behind-1', 'behind-6'] },
      classes: [{ turns: 2 }, { turns: 0 }],
    });
  });

  it('leave a negative that silence makes, and take one that is loved since', () => {
    const angry = { 'behind-1': 'angry' };
    expect(told({}, 0, [turn(1, angry)])).toMatchObject({ reactions: 1, isStale: false });
    expect(told({}, 0, [turn(1, angry, { later: 'love' })])).toMatchObject({
      classes: [{ turns: 0 }, { of: 'negative', turns: 1, counted: negatives }],
      isStale: true,
    });
    // Where kinds are negative silence is no example.
    const rules = { ...DEFAULT_EXPOSURE, negative: ['angry'] };
    expect(told({ rules }, 0, [turn(1, angry)]).classes).toMatchObject([{ turns: 0 }, { turns: 1 }]);
  });

  it('are weighed by what the reading of the model takes for stated', () => {
    const defect = { rules: DEFECT_EXPOSURE, reading: 'aftermath' } as const;
    const down = { 'behind-1': 'thumbs-down' };
    const failed = turn(1, down, {}, { later: 'outcome.failed' });
    expect(told(defect, 0, [failed])).toMatchObject({ reactions: 1, isStale: false });
    const served = turn(1, down, {}, { later: 'outcome.served' });
    expect(told(defect, 0, [served]).classes).toMatchObject([{ of: 'positive', turns: 1 }, { turns: 0 }]);
  });
});
