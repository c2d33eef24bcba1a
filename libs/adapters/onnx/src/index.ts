export { modelScorers } from './model-scorers.ts';
export { rewardGraph } from './reward-graph.ts';
export { checkedModel, modelInFile, type CheckedModel } from './model-file.ts';
export { RewardScorer, type ScorerOptions } from './reward-scorer.ts';
export { OnnxSentenceEncoder } from './sentence-encoder.ts';
export { modelFolder } from './model-folder.ts';
export { ThreadTrainer } from './training/thread-trainer.ts';
