import { scoreLoveResponse, type ScoreLoveRequest, type TurnScore, type TurnToScore } from '@heed/contract';
import { checkScoresLove } from '@heed/rewards';
import type { HeedClient } from '../connect/heed-client.ts';

/** Scores in the order of the turns. Throws a Fault. */
export type ScoreTurns = (turns: readonly TurnToScore[]) => Promise<readonly TurnScore[]>;

/** Scores in this process for as long as the work takes. Throws a Fault when the file is no love model of this version. */
export async function scoreByFile<T>(path: string, work: (score: ScoreTurns) => Promise<T>): Promise<T> {
  // Not loaded for other commands: the runtime is large.
  const { RewardScorer } = await import('@heed/onnx');
  const scorer = await RewardScorer.open(path);
  try {
    checkScoresLove(scorer.facts, path);
    return await work(async (turns) => {
      const { logits, probabilities } = await scorer.score(turns);
      return Array.from(logits, (logit, at) => ({ score: probabilities[at] ?? NaN, logit }));
    });
  } finally {
    await scorer.close();
  }
}

/** Asks the service for the scores of a live model. */
export function scoreByService(heed: HeedClient, model: string): ScoreTurns {
  return async (turns) => {
    const request: ScoreLoveRequest = { model, turns: [...turns] };
    return (await heed.send('POST', '/v1/score/love', request, scoreLoveResponse)).scores;
  };
}
