export { betaCdf } from './beta-cdf.ts';
export { betaDifferenceCdf } from './beta-difference-cdf.ts';
export { betaDifferenceQuantile } from './beta-difference-quantile.ts';
export type { Beta } from './beta.ts';
export { logGamma } from './log-gamma.ts';
