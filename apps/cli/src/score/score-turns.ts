import { scoreResponse, type ScoreRequest, type TurnScore, type TurnWithAftermath } from '@heed/contract';
import type { EncoderFolder } from '@heed/onnx';
import { checkScoresTurns, readableTurn } from '@heed/rewards';
import type { HeedClient } from '../connect/heed-client.ts';
import { whileScoring, type ModelReaders } from '../encoder/while-scoring.ts';

/** Scores in the order of the turns. Throws a Fault. */
export type ScoreTurns = (turns: readonly TurnWithAftermath[]) => Promise<readonly TurnScore[]>;

/**
 * Scores in this process for as long as the work takes. Throws a Fault when the file is no model of this version that says something of single turns, or was
 * trained beside another encoder.
 */
export function scoreByFile<T>(
  path: string,
  encoder: EncoderFolder | undefined,
  work: (score: ScoreTurns) => Promise<T>,
): Promise<T> {
  const model = { name: path, encoder, read: ({ modelInFile }: ModelReaders) => modelInFile(path) };
  return whileScoring(model, async (scorer) => {
    checkScoresTurns(scorer.facts, path);
    return work(async (turns) => {
      const { logits, probabilities } = await scorer.score(turns.map(readableTurn));
      return Array.from(logits, (logit, at) => ({ score: probabilities[at] ?? NaN, logit }));
    });
  });
}

/** Asks the service for the scores of a live model. */
export function scoreByService(heed: HeedClient, model: string): ScoreTurns {
  return async (turns) => {
    const request: ScoreRequest = { model, turns: [...turns] };
    return (await heed.send('POST', '/v1/score', request, scoreResponse)).scores;
  };
}
