import type { ReformulationKind } from '../derived-session.ts';
import { compareRequests, type Difference, type ReformulationFeatures } from './reformulation-features.ts';
import type { Judgement, ReformulationModel, RequestPair } from './reformulation-model.ts';

/**
 * The logistic's table. The text weights (bias to keepsAll) were fitted by logistic regression with a ridge of 1, each set and
 * each class in it weighing 100, on the first halves of CQR dev and TREC 2012, and rounded; docs/sessions.md has the figures
 * on the other halves. Those data have no cues, times, interpretations or behaviour to fit on: the rest are judgements, stated as the
 * change of log odds that each should make, and looked at on the dialogues of USS SGD, where a rephrasing with turns between
 * or in reply to a question was hardly ever dissatisfaction.
 */
const REFORMULATION_WEIGHTS: Readonly<Record<keyof ReformulationFeatures | 'bias', number>> = {
  bias: -1.9,
  trigrams: 3.4,
  edit: 1.5,
  containment: 3.3,
  keepsAll: 0.4,
  correctionCue: 3.5,
  saysNothingNew: -7,
  late: -1.5,
  turnsBetween: -0.8,
  sameInterpretation: 3,
  sameIntent: 1,
  otherIntent: -1.5,
  asked: -1.5,
  troubled: 1,
  welcomed: -1,
};

/** A kind is named from this probability of a reformulation on; below it is `none`. */
export const REFORMULATION_THRESHOLD = 0.5;

/** How sure the rule for a kind is, given that it is a reformulation at all. Judgements: no data here name the kinds. */
const KIND_CERTAINTY: Readonly<Record<ReformulationKind, number>> = {
  repeat: 1,
  narrow: 0.95,
  broaden: 0.95,
  correct: 0.9,
  rephrase: 0.85,
  none: 1,
};

const REPEAT_PROBABILITY = 0.98;
/** From this likeness on, changed words are one word spelled otherwise rather than another word. */
const RESPELLING_FROM = 0.6;
/** Changed words, old and new together: one for one, or one split in two. */
const RESPELLED_WORDS = 3;

/**
 * `reformulation-rules-1`: a logistic over a dozen features says whether the later request says the earlier one again, and a
 * list of rules, first match wins, says how.
 *
 * - `repeat`: the same normalised text.
 * - `correct`: a correction cue ("no, I said ..."); the same intent with another slot value; or words respelled.
 * - `narrow`: everything kept and something added (words, or slots of the same intent).
 * - `broaden`: something taken away and nothing added.
 * - `rephrase`: anything else.
 */
export const reformulationRules: ReformulationModel = {
  version: 'reformulation-rules-1',
  windowTurns: 5,
  judge: (pair) => (isRepeat(pair) ? REPEAT : judgeOther(pair)),
  score: (pair) =>
    isRepeat(pair) ? REPEAT_PROBABILITY : reformulationProbability(compareRequests(pair).features),
};

const REPEAT: Judgement = { kind: 'repeat', probability: REPEAT_PROBABILITY };

function isRepeat({ earlier, later }: RequestPair): boolean {
  return earlier.profile.text === later.profile.text && !later.cues.asksNothing && !later.cues.bareAnswer;
}

function judgeOther(pair: RequestPair): Judgement {
  const { features, difference } = compareRequests(pair);
  const probability = reformulationProbability(features);
  if (probability < REFORMULATION_THRESHOLD) return { kind: 'none', probability: 1 - probability };
  const kind = kindOf(difference, features.correctionCue === 1);
  return { kind, probability: probability * KIND_CERTAINTY[kind] };
}

function kindOf(
  { addedWords, removedWords, respelling, slots }: Difference,
  cue: boolean,
): ReformulationKind {
  if (cue || slots === 'changed') return 'correct';
  if (slots === 'added') return 'narrow';
  if (slots === 'removed') return 'broaden';
  if (addedWords > 0 && removedWords > 0) {
    const respelled = respelling >= RESPELLING_FROM && addedWords + removedWords <= RESPELLED_WORDS;
    return respelled ? 'correct' : 'rephrase';
  }
  if (addedWords > 0) return 'narrow';
  return removedWords > 0 ? 'broaden' : 'rephrase';
}

function reformulationProbability(features: ReformulationFeatures): number {
  const w = REFORMULATION_WEIGHTS;
  return logistic(
    w.bias +
      w.trigrams * features.trigrams +
      w.edit * features.edit +
      w.containment * features.containment +
      w.keepsAll * features.keepsAll +
      w.correctionCue * features.correctionCue +
      w.saysNothingNew * features.saysNothingNew +
      w.late * features.late +
      w.turnsBetween * features.turnsBetween +
      w.sameInterpretation * features.sameInterpretation +
      w.sameIntent * features.sameIntent +
      w.otherIntent * features.otherIntent +
      w.asked * features.asked +
      w.troubled * features.troubled +
      w.welcomed * features.welcomed,
  );
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
