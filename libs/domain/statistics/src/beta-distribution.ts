import type { Beta } from './beta.ts';
import { logGamma } from './log-gamma.ts';

const SMALLEST = 1e-300;
const PRECISION = 1e-15;
const MOST_TERMS = 100_000;

/** One Beta distribution, with what all its values have in common worked out once. */
export class BetaDistribution {
  readonly alpha: number;
  readonly beta: number;
  readonly mean: number;
  readonly deviation: number;
  readonly #logNormaliser: number;

  constructor({ alpha, beta }: Beta) {
    const total = alpha + beta;
    this.alpha = alpha;
    this.beta = beta;
    this.mean = alpha / total;
    this.deviation = Math.sqrt((alpha * beta) / (total * total * (total + 1)));
    this.#logNormaliser = logGamma(total) - logGamma(alpha) - logGamma(beta);
  }

  /** Density at 0 < x < 1; 0 elsewhere. */
  density(x: number): number {
    return x > 0 && x < 1 ? this.#factor(x) / (x * (1 - x)) : 0;
  }

  /** See `betaCdf`. */
  cdf(x: number): number {
    const { alpha, beta } = this;
    if (!(alpha > 0 && beta > 0) || Number.isNaN(x)) return Number.NaN;
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    return x < (alpha + 1) / (alpha + beta + 2)
      ? (this.#factor(x) * continuedFraction(x, alpha, beta)) / alpha
      : 1 - (this.#factor(x) * continuedFraction(1 - x, beta, alpha)) / beta;
  }

  /** x^alpha (1 - x)^beta / B(alpha, beta). */
  #factor(x: number): number {
    return Math.exp(this.#logNormaliser + this.alpha * Math.log(x) + this.beta * Math.log1p(-x));
  }
}

function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return fraction;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < SMALLEST ? SMALLEST : value;
}
