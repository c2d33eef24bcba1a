import type { EventLimits } from './event-limits.ts';
import type { Refusal } from './refusal.ts';

const YEAR_1971_MS = Date.UTC(1971, 0, 1);

/** Whether an event claims a time that cannot be right, judged against the moment it was received. */
export function clockSkew(timeMs: number, receivedAtMs: number, limits: EventLimits): Refusal | undefined {
  if (timeMs < limits.earliestMs) {
    const guess =
      timeMs < YEAR_1971_MS ? '; a time in 1970 usually means a missing or mis-scaled timestamp' : '';
    return {
      reason: 'clock-skew',
      detail: `time is ${iso(timeMs)}, before ${iso(limits.earliestMs)}${guess}`,
      remedy: 'send when it happened, as RFC 3339; from a Unix time in seconds multiply by 1000 first',
    };
  }
  if (timeMs > receivedAtMs + limits.aheadMs) {
    return {
      reason: 'clock-skew',
      detail: `time is ${iso(timeMs)}, ${hours(timeMs - receivedAtMs)} h after it was received at ${iso(receivedAtMs)}`,
      remedy: `set the sender's clock; up to ${hours(limits.aheadMs)} h ahead is accepted`,
    };
  }
  return undefined;
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function hours(durationMs: number): string {
  return String(Math.round(durationMs / 3_600_000));
}
