import type { HeedEvent } from '@heed/events';
import { turnId, type UserId } from '@heed/kernel';
import type { Orphan } from './derived-session.ts';
import { retractedReactions } from './retracted-reactions.ts';
import type { SessionEvent } from './session-event.ts';
import { turnNamedBy } from './session-parts.ts';
import { userOf } from './signal-of.ts';
import { TurnDraft } from './turn-draft.ts';

/** A session's events put where they belong, before any model has spoken. */
export interface ReadSession {
  /** In time order; ties by event id. */
  readonly drafts: readonly TurnDraft[];
  readonly orphans: readonly Orphan[];
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly user: UserId | undefined;
}

/**
 * Puts ordered, distinct events where they belong. `events` holds at least one.
 *
 * - A turn sent twice under different event ids: the first by time is the turn; the other is stored and has no effect.
 * - A reaction that another reaction to the same turn names in `retracts` has no effect, nor has the one that names it, wherever
 *   in time the two stand; not so when both name their user and it is not the same. Retracting a retraction brings nothing back.
 * - What names no turn (a rating or an outcome of the session) belongs to the session's last turn, while there is one.
 * - What stands apart from its turn (see `placeEvents`) is stored and has no effect.
 * - What names a turn that is not there is an orphan, and waits for it.
 */
export function readSession(events: readonly SessionEvent[], idleGapMs: number): ReadSession {
  const turns = collectTurns(events);
  const drafts = [...turns.values()];
  const last = drafts.at(-1);
  const retracted = retractedReactions(events);
  const span = new SessionSpan(drafts[0]?.event.timeMs ?? events[0]?.event.timeMs ?? 0, idleGapMs);
  const orphans: Orphan[] = [];
  let user: UserId | undefined;
  for (const { event, position, apart } of events) {
    if (apart) continue;
    const named = turnNamedBy(event);
    const draft = named === undefined ? last : turns.get(named);
    if (named !== undefined && draft === undefined) {
      orphans.push({
        event: event.id,
        eventType: `heed.${event.name}.v1`,
        turn: turnId(named),
        atMs: event.timeMs,
        position,
      });
    } else if (hasEffect(event, draft, retracted)) {
      draft?.take(event);
      user ??= userOf(event);
      span.extendBy(event);
    }
  }
  return { drafts, orphans, startedAtMs: span.startMs, endedAtMs: span.endMs, user };
}

function collectTurns(events: readonly SessionEvent[]): ReadonlyMap<string, TurnDraft> {
  const turns = new Map<string, TurnDraft>();
  let before: TurnDraft | undefined;
  for (const { event, apart } of events) {
    if (apart || event.name !== 'turn' || turns.has(event.data.turn)) continue;
    const draft = new TurnDraft(event);
    if (before !== undefined) before.movedOnAtMs = event.timeMs;
    turns.set(event.data.turn, draft);
    before = draft;
  }
  return turns;
}

/** An erasure is stored with its session and says nothing about it: forgetting takes keys and every store. */
function hasEffect(
  event: HeedEvent,
  draft: TurnDraft | undefined,
  retracted: ReadonlyMap<string, unknown>,
): boolean {
  switch (event.name) {
    case 'turn':
      return draft?.event.id === event.id;
    case 'reaction':
      return event.data.retracts === undefined && !retracted.has(event.id);
    case 'erasure':
      return false;
    default:
      return true;
  }
}

/** From the first turn to the last thing that counts: a turn, or what was said or done while the session was open. */
class SessionSpan {
  readonly startMs: number;
  endMs: number;
  readonly #idleGapMs: number;

  constructor(startMs: number, idleGapMs: number) {
    this.startMs = startMs;
    this.endMs = startMs;
    this.#idleGapMs = idleGapMs;
  }

  /** Call in time order. What was noted before the first turn, or so late that the session had closed, changes nothing. */
  extendBy({ name, timeMs }: HeedEvent): void {
    if (timeMs <= this.endMs) return;
    if (name === 'turn' || timeMs - this.endMs <= this.#idleGapMs) this.endMs = timeMs;
  }
}
