import type { FollowUp, Reformulation } from './derived-session.ts';
import type { ReadRequest } from './reformulation/reformulation-model.ts';
import { sharedWords } from './reformulation/reformulation-features.ts';

/** A turn and the one after it. */
export interface FollowUpPair {
  readonly earlier: ReadRequest;
  readonly next: ReadRequest;
  /** How the next request says this very turn's request again; `undefined` when it says another one's or none. */
  readonly reformulation: Reformulation | undefined;
}

/** Says what kind of answer the next turn is to this one. Pure. */
export interface FollowUpModel {
  readonly version: string;
  classify(pair: FollowUpPair): FollowUp;
}

/**
 * `follow-up-rules-1`: first match wins. The cues are English (see cues.ts), the last three rules are not. Probabilities are
 * judgements: high where a phrase says it outright, low where only the absence of anything else speaks.
 */
export const followUpRules: FollowUpModel = { version: 'follow-up-rules-1', classify };

function classify({ earlier, next, reformulation }: FollowUpPair): FollowUp {
  const { cues } = next;
  if (cues.asksNothing) return onlyThanks(next) ? THANKS : CLOSES;
  if (cues.corrects) return CORRECTS_BY_CUE;
  if (cues.complains) return COMPLAINS;
  if (cues.closes) return CLOSES;
  if (reformulation?.kind === 'correct') return { kind: 'corrects', probability: reformulation.probability };
  if (cues.thanks) return THANKS_AND_GOES_ON;
  if (cues.clarifies) return CLARIFIES;
  if (cues.elaborates) return ELABORATES_BY_CUE;
  if (reformulation?.kind === 'narrow') return { kind: 'elaborates', probability: reformulation.probability };
  if (reformulation !== undefined || cues.leansBack || isRelated(earlier, next)) return CONTINUES;
  return CHANGES_TOPIC;
}

const THANKS: FollowUp = { kind: 'thanks', probability: 0.95 };
const THANKS_AND_GOES_ON: FollowUp = { kind: 'thanks', probability: 0.7 };
const CLOSES: FollowUp = { kind: 'closes', probability: 0.9 };
const CORRECTS_BY_CUE: FollowUp = { kind: 'corrects', probability: 0.85 };
const COMPLAINS: FollowUp = { kind: 'complains', probability: 0.85 };
const CLARIFIES: FollowUp = { kind: 'clarifies', probability: 0.75 };
const ELABORATES_BY_CUE: FollowUp = { kind: 'elaborates', probability: 0.7 };
const CONTINUES: FollowUp = { kind: 'continues', probability: 0.6 };
const CHANGES_TOPIC: FollowUp = { kind: 'changes-topic', probability: 0.6 };

/** Thanks and asks for nothing. "no thanks" takes leave rather than thanking for the answer. */
export function onlyThanks({ cues, profile }: ReadRequest): boolean {
  return cues.asksNothing && cues.thanks && !profile.text.startsWith('no');
}

/** Both speak of one thing: a shared word, or one intent. */
export function isRelated(a: ReadRequest, b: ReadRequest): boolean {
  if (a.interpretation !== undefined && a.interpretation.intent === b.interpretation?.intent) return true;
  return sharedWords(a.profile, b.profile) > 0;
}
