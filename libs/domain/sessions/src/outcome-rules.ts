import type { FollowUp, Reformulation, ReformulationKind, TurnOutcome } from './derived-session.ts';

/** Behaviour that decides about the answer it followed, most telling first. */
export const TROUBLES = ['regenerated', 'escalated', 'abandoned', 'stopped', 'interrupted'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** Everything known of one turn that speaks for or against its answer. */
export interface TurnEvidence {
  /** Value of the newest outcome event named `success`. */
  readonly settled: boolean | undefined;
  /** Mean of the ratings by humans, scaled to 0..1. */
  readonly rating: number | undefined;
  readonly likes: number;
  readonly dislikes: number;
  /** The later request that says this turn's again, with the highest probability. */
  readonly repairedBy: Reformulation | undefined;
  readonly followUp: FollowUp | undefined;
  readonly trouble: Trouble | undefined;
  readonly copied: boolean;
  /** The answer says that it did not do what was asked. */
  readonly answerFailed: boolean;
  /** The turn itself asks for nothing and thanks, for an answer that did not say it failed. */
  readonly onlyThanks: boolean;
  /** The turn itself asks for nothing and does not thank so: it takes leave. */
  readonly onlyLeaves: boolean;
}

/** Says whether a turn served its user. Pure. */
export interface OutcomeModel {
  readonly version: string;
  decide(evidence: TurnEvidence): TurnOutcome;
}

/**
 * `outcome-rules-1`: the first kind of evidence that speaks decides, in the order of how much its giver meant it: an outcome
 * event, a rating, a reaction, saying it again, saying that it was wrong, giving up, and thanks or use of the answer. Taking
 * leave decides nothing: who gives up politely says goodbye too. Probabilities are of success. Those of thanks, leave, complaint and correction are the shares of turns not rated
 * dissatisfied in USS SGD (checked on CCPE: docs/sessions.md); the others, but for the prior, are judgements.
 */
export const outcomeRules: OutcomeModel = { version: 'outcome-rules-1', decide };

/**
 * Success of a turn of which nothing is known. In USS (Sun et al. 2021; 3 500 dialogues, 3 and more raters a turn) 75 to 81 %
 * of turns are not rated dissatisfied; the middle of it. The turn stays unlabelled all the same: a prior is no evidence.
 */
export const SILENT_SUCCESS = 0.78;

const LOW_RATING = 0.4;
const HIGH_RATING = 0.6;

/**
 * Success of a turn that was said again so. Judgements between two measures: raters of polite task dialogues (USS SGD) are
 * content with 30 % of the answers before a correction, but with 74 % of those before a rephrasing; search and voice logs
 * show less mercy. A reformulation is evidence, not proof, which is why these stay near a half.
 */
const SUCCESS_WHEN_SAID_AGAIN: Readonly<Record<ReformulationKind, number>> = {
  correct: 0.25,
  repeat: 0.35,
  rephrase: 0.4,
  broaden: 0.45,
  narrow: 0.45,
  none: SILENT_SUCCESS,
};

const SUCCESS_WHEN_TROUBLED: Readonly<Record<Trouble, number>> = {
  regenerated: 0.2,
  escalated: 0.15,
  abandoned: 0.25,
  stopped: 0.3,
  interrupted: 0.35,
};

function decide(evidence: TurnEvidence): TurnOutcome {
  return stated(evidence) ?? shownByUser(evidence) ?? SILENCE;
}

const SILENCE = unlabelled(SILENT_SUCCESS, 'silence');
/** No better than silence, by the measure even worse, but far from sure: no label, named apart so that it can be measured. */
const CLOSED = unlabelled(0.68, 'closed');
const TOOK_LEAVE = unlabelled(0.68, 'took-leave');

function stated({ settled, rating, likes, dislikes }: TurnEvidence): TurnOutcome | undefined {
  if (settled !== undefined) return settled ? success(1, 'outcome') : defect(0, 'outcome');
  if (rating !== undefined && rating >= HIGH_RATING) return success(0.75 + 0.2 * rating, 'rating');
  if (rating !== undefined && rating <= LOW_RATING) return defect(0.05 + 0.5 * rating, 'rating');
  if (likes > dislikes) return success(0.9, 'reaction');
  if (dislikes > likes) return defect(0.1, 'reaction');
  return undefined;
}

function shownByUser(evidence: TurnEvidence): TurnOutcome | undefined {
  const { repairedBy, followUp, trouble, copied, answerFailed, onlyThanks, onlyLeaves } = evidence;
  if (repairedBy !== undefined) return defect(SUCCESS_WHEN_SAID_AGAIN[repairedBy.kind], 'reformulated');
  if (followUp?.kind === 'complains') return defect(0.2, 'complained');
  if (followUp?.kind === 'corrects') return defect(0.2, 'corrected');
  if (trouble !== undefined) return defect(SUCCESS_WHEN_TROUBLED[trouble], trouble);
  if (followUp?.kind === 'thanks' && !answerFailed) return success(0.92, 'thanked');
  if (copied) return success(0.85, 'copied');
  if (onlyThanks) return success(0.88, 'gave-thanks');
  if (followUp?.kind === 'closes') return CLOSED;
  if (onlyLeaves) return TOOK_LEAVE;
  return undefined;
}

function unlabelled(probability: number, decidedBy: string): TurnOutcome {
  return { kind: 'unlabelled', probability, decidedBy };
}

function success(probability: number, decidedBy: string): TurnOutcome {
  return { kind: 'success', probability, decidedBy };
}

function defect(probability: number, decidedBy: string): TurnOutcome {
  return { kind: 'defect', probability, decidedBy };
}
