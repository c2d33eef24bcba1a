export type { OnnxRuntime, OnnxSession } from './onnx-runtime.ts';
export { scoreLove, type LoveScore, type LoveScorer } from './score-love.ts';
