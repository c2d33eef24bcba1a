import { seededRandom, userId } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import { positivesIn } from './check-enough.ts';
import { loveOrder, loveTurns } from './love-turns.fixture.ts';
import { trainModel } from './train-model.ts';
import type { TrainingProgress } from './training-order.ts';

const turns = loveTurns(2000);

/** As a leak would: what the user said next tells the label. */
function withAftermath(own: readonly ObservedTurn[]): readonly ObservedTurn[] {
  return own.map((turn) => ({
    ...turn,
    aftermath: {
      next: turn.reactions[0]?.kind === 'love' ? 'great, thanks' : 'no, that is wrong',
      behaviour: turn.reactions[0]?.kind === 'love' ? ['copied'] : [],
    },
  }));
}

describe('a training', () => {
  const steps: TrainingProgress[] = [];
  const trained = trainModel(turns, loveOrder, (progress) => steps.push(progress));
  const { fit, tune, test } = trained.parts;

  it('learns from the first turns in time and is judged on the last, which it beats every gate on', () => {
    expect(trained.gates.filter(({ passed }) => !passed)).toEqual([]);
    expect(trained.judgement.evaluation).toMatchObject({ n: test.length });
    expect(fit.length + tune.length + test.length).toBe(2000);
    const times = (part: typeof fit): number[] => part.map(({ turn }) => turn.atMs);
    expect(Math.max(...times(fit))).toBeLessThan(Math.min(...times(tune)));
    expect(Math.max(...times(tune))).toBeLessThan(Math.min(...times(test)));
  });

  it('is the same whatever order the turns come in', () => {
    const again = trainModel(turns.toReversed(), loveOrder);
    expect(again.head).toEqual(trained.head);
    expect(again.judgement).toEqual(trained.judgement);
  });

  it('tells each step before it does it, and never more than it said there are', () => {
    const [first] = steps;
    expect(first).toMatchObject({ step: 'reading texts', done: 0 });
    expect(steps.at(-1)).toMatchObject({ step: 'judging' });
    expect(steps.map(({ done }) => done)).toEqual(steps.map(({ done }) => done).toSorted((a, b) => a - b));
    for (const { done, of } of steps) expect(done).toBeLessThan(of);
  });

  it('for love is not changed by what came later; the same plant shows where a model may read it', () => {
    const planted = withAftermath(turns);
    expect(trainModel(planted, loveOrder).head).toEqual(trained.head);
    const told = trainModel(planted, { ...loveOrder, reading: 'aftermath' });
    expect(told.judgement.evaluation.auroc).toBeGreaterThan(0.999);
    expect(trained.judgement.evaluation.auroc).toBeLessThan(0.99);
  });

  it('that learned only how the base rate moved is refused by it', () => {
    const random = seededRandom(5);
    const moved = loveTurns(3000).map((turn, n) => ({
      ...turn,
      response: 'Here you go.',
      reactions: turn.reactions.map((reaction) => ({
        ...reaction,
        kind: random.chance(n < 2100 ? 0.2 : 0.7) ? 'love' : 'angry',
      })),
    }));
    const { gates, parts: cut, baselines } = trainModel(moved, loveOrder);
    expect(baselines.baseRate).toBe(positivesIn(cut.tune) / cut.tune.length);
    expect(gates.find(({ gate }) => gate === 'better-than-base-rate')).toMatchObject({ passed: false });
  });

  it('without named negatives takes what a reacting user left alone, and brings the logits back to all of them', () => {
    const quiet = loveTurns(6000, { users: 100 }).map((turn, n) =>
      turn.reactions[0]?.kind === 'love' && n % 12 === 0 ? turn : { ...turn, reactions: [] },
    );
    const { sample, drawn, judgement, baselines } = trainModel(quiet, {
      ...loveOrder,
      rules: { ...loveOrder.rules, negative: [] },
    });
    expect(drawn.positives / drawn.examples.length).toBeLessThan(0.1);
    expect(sample.negatives).toBeLessThan(sample.ofNegatives);
    expect(sample.correction).toBeLessThan(0);
    const said = judgement.evaluation.reliability;
    const mean = said.reduce((sum, bin) => sum + bin.cases * bin.said, 0) / judgement.evaluation.n;
    // What it was calibrated to, but for the answers' being others: a tenth of them.
    expect(Math.abs(mean / baselines.baseRate - 1)).toBeLessThan(0.1);
  });
});

describe('a training refuses', () => {
  const refusal = (own: readonly ObservedTurn[], rules = loveOrder.rules): unknown => {
    try {
      trainModel(own, { ...loveOrder, rules });
      return 'trained';
    } catch (thrown) {
      return thrown;
    }
  };
  const reactedBy = (kind: string): readonly ObservedTurn[] =>
    turns.map((turn) => ({ ...turn, reactions: turn.reactions.map((reaction) => ({ ...reaction, kind })) }));
  const says = (code: string, message: RegExp, remedy: RegExp): unknown =>
    expect.objectContaining({
      code: `training-${code}`,
      message: expect.stringMatching(message) as string,
      remedy: expect.stringMatching(remedy) as string,
    });

  it.each([
    ['no turns', [], says('no-turns', /no turns/, /heed import/)],
    [
      'no answers',
      turns.map((turn) => ({ ...turn, response: '' })),
      says('no-answers', /None of the 2000 turns/, /response/),
    ],
    [
      'no reactions',
      turns.map((turn) => ({ ...turn, reactions: [] })),
      says('no-reactions', /stands/, /200 positive and 200 negative ones, of 10 users on 2 days/),
    ],
    [
      'reactions of other kinds alone',
      reactedBy('wow'),
      says('no-positives', /none of them is love\. There are 2000 wow/, /--positive/),
    ],
    ['one class', reactedBy('love'), says('no-negatives', /All \d+ examples are positive/, /--negative/)],
    [
      '50 reactions',
      turns.slice(0, 50),
      says(
        'few-examples',
        /from 50 reactions/,
        /200 of either would be enough: \d+ positive and \d+ negative wanting/,
      ),
    ],
    [
      'one user',
      turns.map((turn) => ({ ...turn, user: userId('u-0') })),
      says('few-users', /of 1 user: a model of them says nothing/, /10 users/),
    ],
    [
      'one day',
      turns.map((turn, n) => ({ ...turn, atMs: Date.UTC(2026, 0, 1) + n })),
      says('one-day', /2026-01-01/, /2 days/),
    ],
    [
      'sessions that go on from the first turn to the last',
      turns.map((turn, n) => ({ ...turn, session: turns[n % 3]?.session ?? turn.session })),
      says(
        'uneven-in-time',
        /left out, of sessions that began earlier/,
        /of either in that part would be enough: \d+ positive and \d+ negative wanting/,
      ),
    ],
  ])('%s', (_, own, expected) => {
    expect(refusal(own)).toEqual(expected);
  });

  it.each(['love', 'angry'])(
    'nobody named, who count as one, whatever the few that count say: %s',
    (kind) => {
      const unnamed = turns.map(
        ({ turn, event, session, atMs, context, response, reactions }, n): ObservedTurn => ({
          ...{ turn, event, session, atMs, context, response },
          reactions: reactions.map((one) => ({ ...one, ...(n < 50 && { kind }) })),
        }),
      );
      expect(refusal(unnamed)).toEqual(
        says(
          'few-users',
          /of 0 users: .*beyond the 5 that one user may have/,
          /who reacts in `user`; .* 10 users/,
        ),
      );
    },
  );

  it('a last part in which no segment could be judged, with how much is missing', () => {
    const early = turns.map((turn, n) =>
      n < 1690 || n % 9 === 0
        ? turn
        : { ...turn, reactions: turn.reactions.map((one) => ({ ...one, kind: 'love' })) },
    );
    expect(refusal(early)).toEqual(
      says(
        'uneven-in-time',
        /^Of the last 15 %, which it is judged by, \d+ are positive and 1\d negative/,
        /^30 of either in that part would be enough: 1\d negative wanting/,
      ),
    );
  });

  it('silence alone, where nobody who is silent ever reacts', () => {
    const halves = turns.map((turn, n) => ({
      ...turn,
      user: userId(`${n % 2 === 0 ? 'reacts' : 'silent'}-${String(n % 50)}`),
      reactions: n % 2 === 0 ? turn.reactions.map((reaction) => ({ ...reaction, kind: 'love' })) : [],
    }));
    expect(refusal(halves, { ...loveOrder.rules, negative: [], userLeast: 1000 })).toEqual(
      says('no-negatives', /988 turns without a reaction are of users who never react/, /--negative/),
    );
  });
});
