/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of one length, indexed below it */
import { seededRandom } from '@heed/kernel';
import { areaUnderRoc, bootstrapIntervals, type Interval } from '@heed/statistics';
import { balancedAccuracy } from './decisions.ts';

/** Cases that a model was not trained on, in columns. */
export interface RuledCases {
  /** That the turn failed, by the model. */
  readonly probabilities: Float64Array;
  /** The same by the rules, which looked at nothing that was stated of it either. */
  readonly ruled: Float64Array;
  /** 1: it failed. */
  readonly labels: Uint8Array;
  readonly clusters: Uint32Array;
}

export interface Compared {
  readonly model: number;
  readonly rules: number;
  readonly difference: number;
  /** Of the difference, 95 %, by bootstrap over clusters. */
  readonly interval: Interval;
}

/** A model of failed turns beside the rules on the same turns. */
export interface RulesComparison extends HeldAgainstRules {
  /** Cases of which the rules decide whatever the model says: they are none of the `n`. */
  readonly leftOut: number;
}

export interface HeldAgainstRules {
  readonly n: number;
  /** Probability from which on the model says that a turn failed. */
  readonly threshold: number;
  readonly auroc: Compared;
  readonly balancedAccuracy: Compared;
  /** Both intervals are above 0. */
  readonly beatsRules: boolean;
  readonly says: string;
}

/** The rules say that a turn failed when failing is likelier than not. */
const RULES_THRESHOLD = 0.5;

/** By order and by decision, since sessions take both over. NaN beats nothing. Deterministic by seed. */
export function againstRules(cases: RuledCases, threshold: number, seed: number): HeldAgainstRules {
  const { probabilities, ruled, labels } = cases;
  const intervals = bootstrapIntervals(
    cases.clusters,
    (drawn) => {
      const { auroc, accuracy } = figuresOf(taken(cases, drawn), threshold);
      return { auroc: auroc.model - auroc.rules, accuracy: accuracy.model - accuracy.rules };
    },
    seededRandom(seed),
  );
  const own = figuresOf({ probabilities, ruled, labels }, threshold);
  const auroc = compared(own.auroc, intervals.auroc);
  const accuracy = compared(own.accuracy, intervals.accuracy);
  const beatsRules = auroc.interval.low > 0 && accuracy.interval.low > 0;
  const says = `${told('AUROC', auroc)}; ${told('balanced accuracy', accuracy)}`;
  return {
    n: labels.length,
    threshold,
    auroc,
    balancedAccuracy: accuracy,
    beatsRules,
    says: beatsRules ? says : `${says}: both must be above 0.000 at the least`,
  };
}

type Columns = Omit<RuledCases, 'clusters'>;

function figuresOf({ probabilities, ruled, labels }: Columns, threshold: number) {
  const [model, rules] = [
    { scores: probabilities, labels },
    { scores: ruled, labels },
  ];
  return {
    auroc: { model: areaUnderRoc(model), rules: areaUnderRoc(rules) },
    accuracy: {
      model: balancedAccuracy(model, threshold),
      rules: balancedAccuracy(rules, RULES_THRESHOLD),
    },
  };
}

function taken({ probabilities, ruled, labels }: RuledCases, drawn: Uint32Array): Columns {
  return {
    probabilities: Float64Array.from(drawn, (at) => probabilities[at]!),
    ruled: Float64Array.from(drawn, (at) => ruled[at]!),
    labels: Uint8Array.from(drawn, (at) => labels[at]!),
  };
}

function compared(
  { model, rules }: { readonly model: number; readonly rules: number },
  interval: Interval,
): Compared {
  return { model, rules, difference: model - rules, interval };
}

function told(what: string, { model, rules, difference, interval }: Compared): string {
  return `${what} is ${model.toFixed(3)}, the rules' ${rules.toFixed(3)}: ${signed(difference)}, at least ${signed(interval.low)}`;
}

function signed(value: number): string {
  return value < 0 ? value.toFixed(3) : `+${value.toFixed(3)}`;
}
