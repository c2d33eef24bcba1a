import { FeatureReader, scoreTurns, type Calibration } from '@heed/rewards';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkedModel } from './model-file.ts';
import { rewardGraph } from './reward-graph.ts';
import { READ_AT_ONCE, RewardScorer, type ScorerOptions } from './reward-scorer.ts';
import { trainedHead, trainingTable, trainingTurns } from './trained-heads.fixture.ts';

async function scorerOf(
  withNetwork: boolean,
  method: Calibration['method'],
  options: ScorerOptions = {},
): Promise<RewardScorer> {
  const bytes = rewardGraph(trainedHead(withNetwork, method), trainingTable, {
    purpose: 'love',
    heedVersion: '0.1.0',
  });
  const scorer = await RewardScorer.of(checkedModel(bytes, 'a model'), 'a model', options);
  onTestFinished(() => scorer.close());
  return scorer;
}

function apart(a: Float64Array, b: Float64Array): number {
  return a.length === b.length ? Math.max(...a.map((value, at) => Math.abs(value - (b[at] ?? NaN)))) : NaN;
}

describe('RewardScorer', () => {
  it.each([
    [false, 'platt', 1],
    [true, 'platt', 2],
    [true, 'isotonic', 1],
  ] as const)(
    'scores turns as the code that trained them, to 1e-5: network %s, %s, %i threads',
    async (withNetwork, method, threads) => {
      const scorer = await scorerOf(withNetwork, method, { threads });
      const own = scoreTurns(trainedHead(withNetwork, method), trainingTable);
      const served = await scorer.score(trainingTurns);
      expect(apart(own.logits, served.logits)).toBeLessThan(1e-5);
      expect(apart(own.probabilities, served.probabilities)).toBeLessThan(1e-5);
    },
  );

  it('says of a turn alone what it says of it among others, also when several ask at once', async () => {
    const scorer = await scorerOf(true, 'isotonic');
    const together = await scorer.score(trainingTurns);
    const some = trainingTurns.slice(0, 12);
    const alone = await Promise.all(some.map((turn) => scorer.score([turn])));
    expect(
      apart(
        Float64Array.from(alone, ({ logits }) => logits[0] ?? NaN),
        together.logits.slice(0, some.length),
      ),
    ).toBeLessThan(1e-5);
  });

  it('scores more turns than it reads at once, each in its place', async () => {
    const scorer = await scorerOf(false, 'platt');
    const many = [...trainingTurns, ...trainingTurns.toReversed()];
    const own = scoreTurns(trainedHead(false, 'platt'), new FeatureReader('answer').read(many));
    expect(apart(own.logits, (await scorer.score(many)).logits)).toBeLessThan(1e-5);
  });

  it('lets whoever else waits have a turn while it reads long texts', async () => {
    const scorer = await scorerOf(false, 'platt');
    // Reading a turn's texts is noticed; how often the event loop has gone round meanwhile as well.
    let [round, scoring] = [0, true];
    const goRound = (): void => {
      round++;
      if (scoring) setImmediate(goRound);
    };
    const readIn = new Map<number, Set<number>>();
    const long = 'never say it again '.repeat(800);
    const turns = Array.from({ length: 40 }, (_, n) => ({
      get context() {
        readIn.set(n, (readIn.get(n) ?? new Set()).add(round));
        return [{ role: 'user' as const, text: long }];
      },
      response: long,
    }));
    const alone = await scorer.score(turns.slice(0, 1));
    readIn.clear();
    goRound();
    const { logits } = await scorer.score(turns);
    scoring = false;
    const together = Map.groupBy(readIn.keys(), (n) => Math.max(...(readIn.get(n) ?? [])));
    for (const some of together.values())
      expect(some.length * 2 * long.length).toBeLessThanOrEqual(READ_AT_ONCE.units);
    expect(readIn.size).toBe(turns.length);
    expect(Math.max(...logits) - Math.min(...logits)).toBeLessThan(1e-5);
    expect(logits[39]).toBeCloseTo(alone.logits[0] ?? NaN, 4);
  });

  it('scores nothing as nothing', async () => {
    expect((await (await scorerOf(false, 'platt')).score([])).probabilities).toHaveLength(0);
  });

  it('closes when what is under way is done, and takes nothing then', async () => {
    const scorer = await scorerOf(true, 'platt');
    const underWay = scorer.score(trainingTurns);
    await scorer.close();
    expect((await underWay).logits).toHaveLength(trainingTurns.length);
    await expect(scorer.score(trainingTurns)).rejects.toThrow('closed');
  });
});
