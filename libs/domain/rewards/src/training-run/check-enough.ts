import { Fault } from '@heed/kernel';
import { LEAST_OF_CLASS } from '../evaluation/segments.ts';
import type { Example, Examples } from '../exposure/draw-examples.ts';
import type { ExposureRules } from '../exposure/exposure-rules.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import type { TimeSplit } from '../training/split-by-time.ts';
import { evidenceWords, type EvidenceWords } from './evidence-words.ts';
import type { TrainingOrder } from './training-order.ts';

/** What a training needs at the least. Below it a model could be made, and nothing could be said of it. */
const LEAST = {
  /** Examples of either class: of as many the last 15 % in time, which judges, has enough where they are spread evenly. */
  ofClass: 200,
  /** Users whose reactions, or other verdicts, count: figures are as sure as there are users. */
  reactors: 10,
  /** UTC days that the examples are from: what holds for later days can only be seen on later days. */
  days: 2,
  /** Examples of either class in the parts that are learned from and calibrated by. */
  ofClassInPart: 10,
  /** In the part that judges: of fewer no figure says anything, and no segment is judged. */
  ofClassInTest: LEAST_OF_CLASS,
} as const;

const DAY_MS = 86_400_000;
const SEND_MORE = 'Nothing was changed: what is live stays live.';

/** Throws Fault `training-...`, which says what is missing and how much would be enough, when the examples are too few or too much alike. */
export function checkEnough(
  turns: readonly ObservedTurn[],
  { examples, reactions, reactors, positives, negatives, leftOut, capped }: Examples,
  { purpose, rules }: Pick<TrainingOrder, 'purpose' | 'rules'>,
): void {
  const words = evidenceWords(purpose);
  if (turns.length === 0)
    throw tooFew(
      'no-turns',
      'There are no turns yet.',
      'Bring some in with `heed import FILE`, or send events.',
    );
  if (leftOut.unanswered === turns.length)
    throw tooFew(
      'no-answers',
      `None of the ${many(turns.length, 'turn')} has an answer with a text.`,
      'Send what was answered: `response` of a turn, or a response event.',
    );
  const seen = kindsIn(turns);
  if (seen.size === 0)
    throw tooFew(
      'no-reactions',
      `None of the ${many(turns.length, 'turn')} has ${words.any} that stands.`,
      `Send ${words.events}; ${enoughOf(rules)} would be enough.`,
    );
  // Before the classes: of few users the caps leave so little that it may be of one class by chance.
  if (reactions > 0 && reactors < LEAST.reactors)
    throw tooFew(
      'few-users',
      `The ${words.many} that count are of ${many(reactors, 'user')}: a model of them says nothing about others${capNote(capped)}.`,
      `Send ${words.who}; ${words.many} of ${LEAST.reactors} users would be enough.`,
    );
  if (positives === 0)
    throw tooFew(
      'no-positives',
      `No turn is ${words.positive}: ${many(reactions, words.one)} count, and none of them is ${list(rules.positive)}. There are ${told(seen)}.`,
      `Say which of them are positive with --positive KIND,..; ${enoughOf(rules)} would be enough.`,
    );
  if (negatives === 0)
    throw tooFew(
      'no-negatives',
      `All ${many(positives, 'example')} are positive: ${whyNoNegatives(rules, leftOut, words)}. There are ${told(seen)}.`,
      `Name kinds that are negative with --negative KIND,.., or send ${rules.negative.length > 0 ? `${words.events} of such kinds` : 'the turns that were not reacted to as well'}; ${enoughOf(rules)} would be enough.`,
    );
  if (Math.min(positives, negatives) < LEAST.ofClass)
    throw tooFew(
      'few-examples',
      `There are ${positives} positive and ${many(negatives, 'negative example')}, from ${many(reactions, words.one)} that count${capNote(capped)}.`,
      `${LEAST.ofClass} of either would be enough: ${missing(positives, negatives, LEAST.ofClass)}.`,
    );
  const days = new Set(examples.map(({ turn }) => Math.floor(turn.atMs / DAY_MS))).size;
  if (days < LEAST.days)
    throw tooFew(
      'one-day',
      `All ${many(examples.length, 'example')} are of one day, ${new Date(examples[0]?.turn.atMs ?? 0).toISOString().slice(0, 10)} (UTC): nothing can tell whether a model holds on another.`,
      `Examples of ${LEAST.days} days would be enough; where the times are those of an export, map the times at which things happened.`,
    );
}

/** The same, for the parts that came later. */
export function checkParts(
  { fit, tune, test, straddling }: TimeSplit,
  purpose: TrainingOrder['purpose'],
): void {
  for (const [what, part, least] of [
    ['the first 70 % in time, which a model learns from', fit, LEAST.ofClassInPart],
    ['the 15 % after them, which it is chosen and calibrated by', tune, LEAST.ofClassInPart],
    ['the last 15 %, which it is judged by', test, LEAST.ofClassInTest],
  ] as const) {
    const positives = positivesIn(part);
    const negatives = part.length - positives;
    if (Math.min(positives, negatives) >= least) continue;
    throw tooFew(
      'uneven-in-time',
      `Of ${what}, ${positives} are positive and ${negatives} negative examples${straddling > 0 ? ` (${straddling} left out, of sessions that began earlier)` : ''}.`,
      `${least} of either in that part would be enough: ${missing(positives, negatives, least)}. Send later ${evidenceWords(purpose).many}, or shorter sessions.`,
    );
  }
}

export function positivesIn(examples: readonly Example[]): number {
  return examples.reduce((sum, { label }) => sum + label, 0);
}

function tooFew(code: string, message: string, enough: string): Fault {
  return new Fault(`training-${code}`, message, `${enough} ${SEND_MORE}`);
}

function kindsIn(turns: readonly ObservedTurn[]): ReadonlyMap<string, number> {
  const kinds = new Map<string, number>();
  for (const { reactions } of turns)
    for (const { kind } of reactions) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return kinds;
}

const MOST_KINDS_TOLD = 8;

/** Words of the application's own, each named as it was sent. */
function told(kinds: ReadonlyMap<string, number>): string {
  const sorted = [...kinds].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const shown = sorted.slice(0, MOST_KINDS_TOLD).map(([kind, n]) => `${n} ${kind}`);
  return `${shown.join(', ')}${sorted.length > MOST_KINDS_TOLD ? ' and others' : ''}`;
}

function whyNoNegatives(
  { negative }: ExposureRules,
  leftOut: Examples['leftOut'],
  { one }: EvidenceWords,
): string {
  if (negative.length > 0) return `no ${one} is ${list(negative)}`;
  if (leftOut.ofNonReactors > 0)
    return `the ${many(leftOut.ofNonReactors, 'turn')} without a reaction are of users who never react, whose silence says nothing`;
  return 'every turn has one of the positive reactions';
}

function enoughOf({ negative }: ExposureRules): string {
  return negative.length > 0
    ? `${LEAST.ofClass} positive and ${LEAST.ofClass} negative ones, of ${LEAST.reactors} users on ${LEAST.days} days,`
    : `${LEAST.ofClass} positive ones, and ${LEAST.ofClass} turns of the same users without, of ${LEAST.reactors} users on ${LEAST.days} days,`;
}

function capNote({ burst, user, mostOfUser }: Examples['capped']): string {
  const capped = burst + user;
  return capped === 0
    ? ''
    : `; ${capped} more do not count (${burst} in bursts, ${user} beyond the ${mostOfUser} that one user may have)`;
}

function missing(positives: number, negatives: number, least: number): string {
  const wanting = [
    [positives, 'positive'],
    [negatives, 'negative'],
  ] as const;
  const told = wanting.flatMap(([has, what]) => (has < least ? `${least - has} ${what}` : []));
  return `${told.join(' and ')} wanting`;
}

function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function list(kinds: readonly string[]): string {
  return kinds.join(' or ');
}
