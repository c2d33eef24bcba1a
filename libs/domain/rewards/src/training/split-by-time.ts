import type { Example } from '../exposure/draw-examples.ts';

export interface TimeSplit {
  /** Weights are learned on these. */
  readonly fit: readonly Example[];
  /** Later ones, that choose when to stop and calibrate. */
  readonly tune: readonly Example[];
  /** The latest, that nothing was chosen by. */
  readonly test: readonly Example[];
  /** Later turns of sessions that go on from an earlier part: their users were learned from. */
  readonly straddling: number;
}

const FIT_SHARE = 0.7;
const TUNE_SHARE = 0.15;

/** Examples in time order, cut where every later part is strictly later, and no session is in two parts. */
export function splitByTime(examples: readonly Example[]): TimeSplit {
  const fitEnd = cutAfter(examples, Math.floor(FIT_SHARE * examples.length));
  const tuneEnd = cutAfter(
    examples,
    Math.max(fitEnd, Math.floor((FIT_SHARE + TUNE_SHARE) * examples.length)),
  );
  const fit = examples.slice(0, fitEnd);
  const tune = without(examples.slice(fitEnd, tuneEnd), sessionsOf(fit));
  const later = examples.slice(tuneEnd);
  const test = without(later, sessionsOf(examples.slice(0, tuneEnd)));
  return { fit, tune, test, straddling: examples.length - fit.length - tune.length - test.length };
}

/** The first place at or after this one whose example is later than the one before it. */
function cutAfter(examples: readonly Example[], place: number): number {
  let cut = Math.max(1, place);
  while (cut < examples.length && examples[cut]?.turn.atMs === examples[cut - 1]?.turn.atMs) cut++;
  return Math.min(cut, examples.length);
}

function sessionsOf(examples: readonly Example[]): ReadonlySet<string> {
  return new Set(examples.map(({ turn }) => turn.session));
}

function without(examples: readonly Example[], sessions: ReadonlySet<string>): readonly Example[] {
  return examples.filter(({ turn }) => !sessions.has(turn.session));
}
