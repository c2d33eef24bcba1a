import { followUpRules, type FollowUpModel } from './follow-up-rules.ts';
import { outcomeRules, type OutcomeModel } from './outcome-rules.ts';
import type { ReformulationModel } from './reformulation/reformulation-model.ts';
import { reformulationRules } from './reformulation/reformulation-rules.ts';

/** The models that label a session. Each has a version, which the derived session names. */
export interface SessionModels {
  readonly reformulation: ReformulationModel;
  readonly followUp: FollowUpModel;
  readonly outcome: OutcomeModel;
}

/** The rule-based models: nothing to train, nothing to download. */
export const ruleModels: SessionModels = {
  reformulation: reformulationRules,
  followUp: followUpRules,
  outcome: outcomeRules,
};
