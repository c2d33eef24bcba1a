import type { CheckedModel, checkedModel, EncoderFolder, modelInFile, RewardScorer } from '@heed/onnx';

/** What reads a model. */
export interface ModelReaders {
  readonly checkedModel: typeof checkedModel;
  readonly modelInFile: typeof modelInFile;
}

/** What is scored by, and beside what. */
export interface ScoringModel {
  /** What messages call it. */
  readonly name: string;
  readonly read: (by: ModelReaders) => CheckedModel | Promise<CheckedModel>;
  /** The one that the model may need. */
  readonly encoder: EncoderFolder | undefined;
}

/**
 * Scores in this process for as long as the work takes. Throws what `read` throws and the Faults of `RewardScorer.of`: `model-needs-encoder` where the model was
 * trained beside another encoder.
 */
export async function whileScoring<T>(
  { name, read, encoder }: ScoringModel,
  work: (scorer: RewardScorer) => Promise<T>,
): Promise<T> {
  // Not loaded for other commands: the runtime is large.
  const onnx = await import('@heed/onnx');
  const model = await read(onnx);
  const encoders = new onnx.EncoderFolders(encoder === undefined ? [] : [encoder.directory]);
  try {
    const scorer = await onnx.RewardScorer.of(model, name, { encoders });
    return await work(scorer).finally(() => scorer.close());
  } finally {
    await encoders.close();
  }
}
