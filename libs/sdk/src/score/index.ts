export type { SentenceEncoder } from '@heed/rewards';
export type { OnnxRuntime, OnnxSession } from './onnx-runtime.ts';
export { scoreLove, type LoveScore, type LoveScorer, type ScoreLoveOptions } from './score-love.ts';
