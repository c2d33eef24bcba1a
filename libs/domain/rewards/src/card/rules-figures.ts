import { z } from 'zod';
import { told } from './told.ts';
import type { Compared, RulesComparison } from '../evaluation/against-rules.ts';

/** Null where it cannot be told. */
const figure = z.number().nullable();
const compared = z.object({
  model: figure,
  rules: figure,
  difference: figure,
  /** Of the difference, 95 %, by bootstrap over users. */
  interval: z.object({ low: figure, high: figure }),
});

/** A model of failed turns beside the rules by which sessions tell them, on the same turns, none of which may look at what was stated. */
export const rulesFigures = z.object({
  n: z.number(),
  /** Turns that ask for nothing, of which the rules decide whatever the model says: not compared. Absent in cards of which they were. */
  leftOut: z.number().optional(),
  /** Probability from which on the model says that a turn failed, chosen on the part that it was calibrated by. */
  threshold: z.number(),
  auroc: compared,
  balancedAccuracy: compared,
  beatsRules: z.boolean(),
  says: z.string(),
});
export type RulesFigures = z.infer<typeof rulesFigures>;

/** What the card draws from it. */
export const rulesInCard = rulesFigures.extend({
  /** It beats the rules and every gate let it through: while it is live, sessions and mining tell failed turns by it. */
  replacesRules: z.boolean(),
  why: z.string(),
});

/** As JSON has it, which knows no NaN. */
export function rulesFiguresOf({ auroc, balancedAccuracy, ...others }: RulesComparison): RulesFigures {
  return { ...others, auroc: toldOf(auroc), balancedAccuracy: toldOf(balancedAccuracy) };
}

export function rulesInCardOf(comparison: RulesComparison, isRefused: boolean): z.infer<typeof rulesInCard> {
  const { beatsRules, says } = comparison;
  const replacesRules = beatsRules && !isRefused;
  const verdict = beatsRules ? 'It beats the rules' : 'It does not surely beat the rules';
  const consequence = replacesRules
    ? 'Sessions and mining go by it while it is live.'
    : 'Sessions and mining stay with the rules, whether it is live or not.';
  return {
    ...rulesFiguresOf(comparison),
    replacesRules,
    why: `${verdict} on turns that came later: ${says}${beatsRules && isRefused ? '; but a gate refused it' : ''}. ${consequence}`,
  };
}

function toldOf({ model, rules, difference, interval: { low, high } }: Compared): z.infer<typeof compared> {
  return {
    model: told(model),
    rules: told(rules),
    difference: told(difference),
    interval: { low: told(low), high: told(high) },
  };
}
