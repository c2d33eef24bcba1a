import { graphBatches, FeatureReader, type AnsweredTurn } from '@heed/rewards';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { pythonEnvironment } from '../python-environment.ts';

const CACHE = join(import.meta.dirname, '../../../../node_modules/.cache');
const printed = z.object({
  metadata: z.record(z.string(), z.string()),
  batches: z.array(z.object({ logit: z.array(z.number()), probability: z.array(z.number()) })),
});

export interface PythonScores {
  /** Of the file. */
  readonly metadata: Readonly<Record<string, string>>;
  /** In the order of the turns. */
  readonly scores: readonly { readonly score: number; readonly logit: number }[];
}

/** What Python's onnxruntime says by a model file. Throws Error with what Python complained of, and as `pythonEnvironment`. */
export function pythonScores(file: string, turns: readonly AnsweredTurn[]): PythonScores {
  const python = pythonEnvironment(CACHE, join(import.meta.dirname, 'requirements.txt'));
  const batches = [...graphBatches(new FeatureReader('answer').read(turns))];
  const input = JSON.stringify(
    batches.map(({ inputs: { places, weights, values, ...sizes } }) => ({
      ...sizes,
      places: [...places],
      weights: [...weights],
      values: [...values],
    })),
  );
  const { status, stdout, stderr, error } = spawnSync(python, [join(import.meta.dirname, 'score.py'), file], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`Python could not score by ${file}: ${stderr}`, { cause: error });
  const { metadata, batches: scored } = printed.parse(JSON.parse(stdout));
  const inOrder = batches.flatMap(({ turns: places }, n) =>
    [...places].map((place, at) => {
      const { logit = NaN, probability: score = NaN } = {
        logit: scored[n]?.logit[at],
        probability: scored[n]?.probability[at],
      };
      return [place, { score, logit }] as const;
    }),
  );
  return { metadata, scores: inOrder.toSorted(([a], [b]) => a - b).map(([, one]) => one) };
}
