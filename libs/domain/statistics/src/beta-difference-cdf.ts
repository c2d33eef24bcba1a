import { betaMean, type Beta } from './beta.ts';
import { betaCdf } from './beta-cdf.ts';
import { logBetaFactor } from './log-beta-factor.ts';

/** Positive nodes and their weights of the 16-point Gauss-Legendre rule on [-1, 1] (Abramowitz and Stegun 25.4). */
const GAUSS_LEGENDRE_16 = [
  [0.09501250983763744, 0.1894506104550685],
  [0.2816035507792589, 0.1826034150449236],
  [0.45801677765722737, 0.16915651939500254],
  [0.6178762444026438, 0.14959598881657674],
  [0.755404408355003, 0.12462897125553388],
  [0.8656312023878318, 0.09515851168249279],
  [0.9445750230732326, 0.062253523938647894],
  [0.9894009349916499, 0.027152459411754096],
] as const;
const PANELS = 8;
/** Mass either side of the integrated range that may be left out. */
const LEFT_OUT = 1e-12;

/**
 * Probability that X - Y <= difference, for X and Y independent Beta variables. `betaDifferenceCdf(0, x, y)` is the chance
 * that X is not the better one.
 *
 * The narrower of the two is integrated over, since the distribution function of the wider is smooth on that scale:
 *
 *     P(X - Y <= d) = integral of f_Y(y) P(X <= y + d) dy = integral of f_X(x) P(Y >= x - d) dx
 *
 * Gauss-Legendre, 8 panels of 16 nodes either side of the point where y + d (or x - d) leaves [0, 1]: 128 to 256 values of `betaCdf`. Error
 * below 1e-9 for whole alpha and beta, below 1e-7 for any of at least 1 (which every posterior over a flat prior has).
 *
 * @example betaDifferenceCdf(0, { alpha: 9, beta: 3 }, { alpha: 3, beta: 9 }) // 0.0045: X is almost surely the better
 */
export function betaDifferenceCdf(difference: number, x: Beta, y: Beta): number {
  if (difference <= -1) return 0;
  if (difference >= 1) return 1;
  const probability =
    deviation(y) <= deviation(x)
      ? expectation(y, [-difference, 1 - difference], (value) => betaCdf(value + difference, x))
      : expectation(x, [difference, 1 + difference], (value) => 1 - betaCdf(value - difference, y));
  return Math.min(1, Math.max(0, probability));
}

/** Expected value of a bounded function of a Beta variable, smooth between the kinks; divided by the mass that was caught. */
function expectation(posterior: Beta, kinks: readonly number[], f: (value: number) => number): number {
  const low = edge(posterior, -1, (value) => betaCdf(value, posterior));
  const high = edge(posterior, 1, (value) => 1 - betaCdf(value, posterior));
  const ends = [low, ...kinks.filter((kink) => kink > low && kink < high), high];
  let mass = 0;
  let sum = 0;
  let from = low;
  const addNode = (value: number, weight: number): void => {
    if (value <= 0 || value >= 1) return; // a sliver of a panel, rounded onto its end
    const weighted = (weight * Math.exp(logBetaFactor(value, posterior))) / (value * (1 - value));
    mass += weighted;
    sum += weighted * f(value);
  };
  for (const to of ends.slice(1)) {
    integrate(from, to, addNode);
    from = to;
  }
  return sum / mass;
}

/** Visits the nodes of the composite rule on [from, to], with their weights. */
function integrate(from: number, to: number, addNode: (value: number, weight: number) => void): void {
  const half = (to - from) / (2 * PANELS);
  for (let panel = 0; panel < PANELS; panel++) {
    const centre = from + (2 * panel + 1) * half;
    for (const [node, weight] of GAUSS_LEGENDRE_16) {
      addNode(centre - node * half, weight * half);
      addNode(centre + node * half, weight * half);
    }
  }
}

/** How far from the mean the distribution reaches on one side: whole deviations, doubled until next to nothing lies beyond. */
function edge(posterior: Beta, side: 1 | -1, massBeyond: (value: number) => number): number {
  const mean = betaMean(posterior);
  for (let reach = 8 * deviation(posterior); ; reach *= 2) {
    const value = Math.min(1, Math.max(0, mean + side * reach));
    if (value === 0 || value === 1 || massBeyond(value) < LEFT_OUT) return value;
  }
}

function deviation({ alpha, beta }: Beta): number {
  const total = alpha + beta;
  return Math.sqrt((alpha * beta) / (total * total * (total + 1)));
}
