import { edit } from '../edit-distance.ts';
import { sharedTrigrams, type RequestProfile } from '../request-profile.ts';
import type { Interpretation } from '../state-of.ts';
import type { RequestPair } from './reformulation-model.ts';

/** What `reformulation-rules-1` looks at. Shares are 0..1, the rest is 0 or 1 unless said otherwise. */
export interface ReformulationFeatures {
  /** Characters: Dice coefficient of the letter trigrams, less what is shared by chance. */
  readonly trigrams: number;
  /** Characters: 1 - edit distance / length; 0 when the texts are too unlike to align. */
  readonly edit: number;
  /** Words: shared words / words of the shorter request. */
  readonly containment: number;
  /** Words: the earlier request is kept whole. */
  readonly keepsAll: number;
  /** Words: an explicit correction cue, said right after the earlier request. */
  readonly correctionCue: number;
  /** Words: the later request only thanks, takes leave, or answers yes or no. */
  readonly saysNothingNew: number;
  /** Timing: 0 up to 2 minutes, 1 from 30 minutes on. */
  readonly late: number;
  /** Turns between the two. */
  readonly turnsBetween: number;
  /** Interpretation: the same intent and the same slots. */
  readonly sameInterpretation: number;
  /** Interpretation: the same intent with a slot added, taken away or changed. */
  readonly sameIntent: number;
  readonly otherIntent: number;
  /** Behaviour of the application: the earlier answer asked something, and the later request may be the reply. */
  readonly asked: number;
  /** Behaviour of the user. */
  readonly troubled: number;
  readonly welcomed: number;
}

/** How the requests differ, for telling the kinds apart. */
export interface Difference {
  readonly addedWords: number;
  readonly removedWords: number;
  /** Likeness of the changed words alone; see `Edit.respelling`. */
  readonly respelling: number;
  readonly slots: SlotDifference;
}

export type SlotDifference = 'unknown' | 'other-intent' | 'same' | 'added' | 'removed' | 'changed';

const QUICK_MS = 2 * 60_000;
const LATE_MS = 30 * 60_000;
/** Below this likeness of trigrams an alignment is not worth its cost: the texts differ nearly everywhere. */
const ALIGN_FROM_TRIGRAMS = 0.3;

/**
 * The longer two texts on different matters, the more trigrams they share. Up to 80 trigrams apiece it is about 0.1, which the
 * weights know; beyond, it grows. Unrelated instructions of AlpacaEval have 0.16 at 94 trigrams and 0.24 at 224, talkative
 * prompts in whole sentences (long-requests.fixture.ts) 0.38 at 230. What is taken off lies between the two.
 */
const CHANCE_FROM_TRIGRAMS = 80;
const CHANCE_LIMIT = 0.36;

export interface Comparison {
  readonly features: ReformulationFeatures;
  readonly difference: Difference;
}

/** Compares two requests. Costs at most a fixed number of steps, whatever their length; no more than one alignment. */
export function compareRequests(pair: RequestPair): Comparison {
  const { earlier, later } = pair;
  const [a, b] = [earlier.profile, later.profile];
  const trigrams = trigramLikeness(a, b);
  const shared = sharedWords(a, b);
  const alike = trigrams >= ALIGN_FROM_TRIGRAMS ? edit(a.head, b.head) : undefined;
  const slots = slotDifference(earlier.interpretation, later.interpretation);
  const fewer = Math.min(a.words.length, b.words.length);
  return {
    features: {
      trigrams,
      edit: alike?.similarity ?? 0,
      containment: fewer === 0 ? 0 : shared / fewer,
      keepsAll: a.words.length > 0 && shared === a.words.length ? 1 : 0,
      correctionCue: later.cues.corrects && pair.turnsApart === 1 ? 1 : 0,
      saysNothingNew: later.cues.asksNothing || later.cues.bareAnswer ? 1 : 0,
      late: Math.min(1, Math.max(0, (pair.gapMs - QUICK_MS) / (LATE_MS - QUICK_MS))),
      turnsBetween: pair.turnsApart - 1,
      sameInterpretation: slots === 'same' ? 1 : 0,
      sameIntent: slots === 'added' || slots === 'removed' || slots === 'changed' ? 1 : 0,
      otherIntent: slots === 'other-intent' ? 1 : 0,
      asked: pair.asked ? 1 : 0,
      troubled: pair.troubled ? 1 : 0,
      welcomed: pair.welcomed ? 1 : 0,
    },
    difference: {
      addedWords: b.words.length - shared,
      removedWords: a.words.length - shared,
      respelling: alike?.respelling ?? 0,
      slots,
    },
  };
}

export function sharedWords(a: RequestProfile, b: RequestProfile): number {
  let shared = 0;
  for (const word of a.words) if (b.words.includes(word)) shared++;
  return shared;
}

/** The Dice coefficient, less what long texts on different matters share by chance, scaled so that equal texts keep 1. */
function trigramLikeness(a: RequestProfile, b: RequestProfile): number {
  const mean = (a.trigrams.length + b.trigrams.length) / 2;
  if (mean === 0) return 0;
  const byChance = CHANCE_LIMIT * Math.max(0, 1 - CHANCE_FROM_TRIGRAMS / mean);
  return Math.max(0, (sharedTrigrams(a, b) / mean - byChance) / (1 - byChance));
}

function slotDifference(a: Interpretation | undefined, b: Interpretation | undefined): SlotDifference {
  if (a === undefined || b === undefined) return 'unknown';
  if (a.intent !== b.intent) return 'other-intent';
  const [before, after] = [a.slots ?? {}, b.slots ?? {}];
  const kept = Object.keys(before).filter((name) => Object.hasOwn(after, name));
  if (kept.some((name) => before[name] !== after[name])) return 'changed';
  const removed = Object.keys(before).length - kept.length;
  const added = Object.keys(after).length - kept.length;
  if (added > 0 && removed > 0) return 'changed';
  if (added > 0) return 'added';
  return removed > 0 ? 'removed' : 'same';
}
