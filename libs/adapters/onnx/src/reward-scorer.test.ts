import { FeatureReader, scoreTurns, type Calibration } from '@heed/rewards';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkedModel } from './model-file.ts';
import { rewardGraph } from './reward-graph.ts';
import { RewardScorer, type ScorerOptions } from './reward-scorer.ts';
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
