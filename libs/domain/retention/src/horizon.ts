/** A line that was drawn through what a tenant had at one moment. It is on record before anything is removed by it. */
export interface Horizon {
  /** The beginning of a UTC day, milliseconds since 1970. */
  readonly horizonMs: number;
  /** When the newest of the tenant's entries was received that were there when it was drawn. What came later it does not concern. */
  readonly untilMs: number;
  /** The days that were to be kept then. */
  readonly days: number;
}

const DAY_MS = 86_400_000;

/** So far a horizon moves by itself. Further than a month at once is no passing of time but a clock that jumped, or a service that stood still. */
export const MOST_DAYS_BY_ITSELF = 31;

const MOST_MS_BY_ITSELF = MOST_DAYS_BY_ITSELF * DAY_MS;

export interface HorizonQuestion {
  /** Days to keep; null for ever. */
  readonly days: number | null;
  readonly nowMs: number;
  /** When the tenant's newest entry was received; null when there is none. */
  readonly newestReceivedMs: number | null;
  /** The UTC days on which entries were received, their beginnings, ascending. Looked at only where no earlier horizon can say whether it goes too far. */
  readonly receivedDaysMs: readonly number[];
  readonly last: Horizon | undefined;
  /** Somebody asked for it, now. */
  readonly isAsked: boolean;
}

export type HorizonAnswer =
  | { readonly kind: 'stays' }
  | { readonly kind: 'moves'; readonly horizon: Horizon }
  /** It would move further than it may by itself. */
  | { readonly kind: 'waits'; readonly horizonMs: number; readonly lastMs: number | null };

/**
 * Where the horizon of a tenant is to be. It lies `days` whole days before today, and today is told by the clock and by the tenant's newest
 * entry, whichever is earlier: a clock that runs ahead removes nothing of a tenant that is silent, and a tenant that fell silent loses nothing more.
 * It never moves back. Where no earlier horizon of as many days can say how far is too far, the tenant's own days do: a clock that jumped leaves a gap
 * of more than a month among them, and so does a tenant that fell silent. Somebody has to say which it was.
 */
export function decideHorizon({
  days,
  nowMs,
  newestReceivedMs,
  receivedDaysMs,
  last,
  isAsked,
}: HorizonQuestion): HorizonAnswer {
  if (days === null || newestReceivedMs === null) return { kind: 'stays' };
  const horizonMs = dayOf(Math.min(nowMs, newestReceivedMs)) - days * DAY_MS;
  if (horizonMs <= (last?.horizonMs ?? 0)) return { kind: 'stays' };
  const isFar =
    last?.days === days
      ? horizonMs - last.horizonMs > MOST_MS_BY_ITSELF
      : hasGapUpTo(receivedDaysMs, horizonMs);
  if (isFar && !isAsked) return { kind: 'waits', horizonMs, lastMs: last?.horizonMs ?? null };
  return { kind: 'moves', horizon: { horizonMs, untilMs: newestReceivedMs, days } };
}

/** Whether there is a gap in the days that ends after the horizon. One before it has been over for all the days that are kept. */
function hasGapUpTo(daysMs: readonly number[], horizonMs: number): boolean {
  return daysMs.some((dayMs, index) => {
    const beforeMs = daysMs[index - 1];
    return beforeMs !== undefined && dayMs > horizonMs && dayMs - beforeMs > MOST_MS_BY_ITSELF;
  });
}

function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}

/** @example dayText(Date.UTC(2026, 2, 1)) // '2026-03-01' */
export function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
