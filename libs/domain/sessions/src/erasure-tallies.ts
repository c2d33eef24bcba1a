import type { ErasureResult, LogPosition } from '@heed/events';
import type { SessionId } from '@heed/kernel';

export type Forgotten = Pick<ErasureResult, 'events' | 'sessions' | 'labels'>;

/** Of one session, before the first try and after what was last done. */
interface Labels {
  readonly before: number;
  readonly left: number;
}

/**
 * What the erasures of one tenant have come to so far, each known by its id. A try that fails half way has emptied rows that the next one finds empty: so each
 * event is noted by its place in the log, and noting it again changes nothing. What two erasures take is counted to the one that was noted first.
 */
export class ErasureTallies {
  readonly #takerOfEvent = new Map<LogPosition, string>();
  readonly #takerOfLabels = new Map<SessionId, string>();
  readonly #labels = new Map<SessionId, Labels>();
  readonly #sessions = new Map<string, Set<SessionId>>();

  /** The erasure empties the event at this place. */
  noteEvent(erasure: string, position: LogPosition): void {
    if (!this.#takerOfEvent.has(position)) this.#takerOfEvent.set(position, erasure);
  }

  /** The erasure takes something of the session, and has it derived again. */
  noteSession(erasure: string, session: SessionId): void {
    const sessions = this.#sessions.get(erasure) ?? new Set();
    this.#sessions.set(erasure, sessions.add(session));
    if (!this.#takerOfLabels.has(session)) this.#takerOfLabels.set(session, erasure);
  }

  /** How many labels these sessions have now, where they have any; to be told before each try and after it. */
  noteLabels(sessions: readonly SessionId[], labels: ReadonlyMap<SessionId, number>): void {
    for (const session of sessions) {
      const left = labels.get(session) ?? 0;
      this.#labels.set(session, { before: this.#labels.get(session)?.before ?? left, left });
    }
  }

  /** Of each of these erasures, in their order. */
  of(erasures: readonly string[]): readonly Forgotten[] {
    const events = Map.groupBy(this.#takerOfEvent.values(), (taker) => taker);
    const labels = new Map<string, number>();
    for (const [session, { before, left }] of this.#labels) {
      const taker = this.#takerOfLabels.get(session);
      if (taker !== undefined) labels.set(taker, (labels.get(taker) ?? 0) + Math.max(0, before - left));
    }
    return erasures.map((erasure) => ({
      events: events.get(erasure)?.length ?? 0,
      sessions: this.#sessions.get(erasure)?.size ?? 0,
      labels: labels.get(erasure) ?? 0,
    }));
  }

  /** These are finished, and nobody asks for them again. */
  drop(erasures: ReadonlySet<string>): void {
    for (const [position, taker] of this.#takerOfEvent)
      if (erasures.has(taker)) this.#takerOfEvent.delete(position);
    for (const [session, taker] of this.#takerOfLabels) {
      if (!erasures.has(taker)) continue;
      this.#takerOfLabels.delete(session);
      this.#labels.delete(session);
    }
    for (const erasure of erasures) this.#sessions.delete(erasure);
  }
}
