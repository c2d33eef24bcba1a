import { pearson, type Interval } from '@heed/statistics';

/** What was thought of a past policy's answers to the fixed prompts, and what came of it. */
export interface PastPolicy {
  readonly policy: string;
  /** The model's probability of love of each answer to the fixed prompts. */
  readonly predicted: Float64Array;
  /** Share of the policy's answers that were loved, 0 to 1. */
  readonly observed: number;
}

export interface ForesightReport {
  /** By the order given: means of what was predicted beside what was observed. */
  readonly policies: readonly {
    readonly policy: string;
    readonly predicted: number;
    readonly observed: number;
  }[];
  /** Pearson's correlation of the two; absent below five policies and where either never differs. */
  readonly correlation?: number;
  /** 95 %, absent with it, and where all policies lie on one line: it would have no width. */
  readonly interval?: Interval;
  readonly says: string;
}

const FEWEST_POLICIES = 5;
/** Up to here the interval is told to be wide. */
const FEW_POLICIES = 10;
/** What of a perfect correlation may be lost in its sums. */
const ROUNDING = 1e-12;
const NORMAL_975 = 1.959963984540054;

/**
 * Whether what the model predicts offline is what users do online: over past policies, the mean prediction on a fixed prompt set against the observed rate
 * of love (Reinforcement Learning from User Feedback, 2025: .95 over ten policies). The interval is Fisher's (1921), tanh(atanh r +- 1.96 / sqrt(n - 3)): it
 * takes policies for independent, and knows nothing of how few answers an observed rate rests on.
 */
export function foresightOf(past: readonly PastPolicy[]): ForesightReport {
  const policies = past.map(({ policy, predicted, observed }) => {
    if (predicted.length === 0) throw new RangeError(`there is no prediction for the policy ${policy}`);
    return { policy, predicted: predicted.reduce((sum, one) => sum + one, 0) / predicted.length, observed };
  });
  const count = policies.length;
  if (count < FEWEST_POLICIES)
    return {
      policies,
      says: `${count} past policies are too few to say whether predictions come true: it takes ${FEWEST_POLICIES}, better more than ${FEW_POLICIES}.`,
    };
  const [predicted, observed] = [policies.map((one) => one.predicted), policies.map((one) => one.observed)];
  if (new Set(predicted).size === 1 || new Set(observed).size === 1)
    return {
      policies,
      says: 'Predictions or observed rates are all the same: nothing can be said of how they go together.',
    };
  // Rounding may carry it a hair over.
  const correlation = Math.max(-1, Math.min(1, pearson(predicted, observed)));
  const warning =
    count <= FEW_POLICIES
      ? ` ${count} policies are few, the interval is wide: .95 over ten is anything from .80 to .99.`
      : '';
  if (1 - Math.abs(correlation) < ROUNDING)
    return {
      policies,
      correlation,
      says: `Correlation ${correlation.toFixed(2)} over ${count} policies, which lie exactly on one line: how far chance made it so, these figures cannot tell.`,
    };
  const interval = fisherInterval(correlation, count);
  return {
    policies,
    correlation,
    interval,
    says: `${verdictOf(interval)}: correlation ${correlation.toFixed(2)}, 95 % interval ${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}, over ${count} policies.${warning}`,
  };
}

function verdictOf({ low, high }: Interval): string {
  if (low > 0) return 'Policies that were predicted to be loved more were loved more';
  if (high < 0) return 'Policies that were predicted to be loved more were loved less';
  return 'Whether policies that are predicted to be loved more are loved more cannot be told';
}

/** @param count four or more */
function fisherInterval(correlation: number, count: number): Interval {
  const [middle, half] = [Math.atanh(correlation), NORMAL_975 / Math.sqrt(count - 3)];
  return { low: Math.tanh(middle - half), high: Math.tanh(middle + half) };
}
