import type { EventId, SessionId, TurnId, UserId } from '@heed/kernel';
import type { Reading } from '../features/feature-reader.ts';
import type { ObservedReaction, ObservedTurn } from './observed-turn.ts';

/** A turn as sessions are derived: what was asked, answered, and done about it by whatever signals. */
export interface SessionTurn {
  readonly turn: TurnId;
  readonly event: EventId;
  readonly atMs: number;
  readonly user?: UserId;
  readonly request: string;
  readonly response?: string;
  readonly latencyMs?: number;
  readonly locale?: string;
  readonly surface?: string;
  /** Those that stand; their kinds are `reaction.love`, `behaviour.copied`, ... */
  readonly signals: readonly {
    readonly event: EventId;
    readonly kind: string;
    readonly atMs: number;
    readonly user?: UserId;
  }[];
}

/** Turns before the one that is judged, of which its context is made. */
const CONTEXT_TURNS = 4;

const REACTION = 'reaction.';
const BEHAVIOUR = 'behaviour.';

/** The turns of a session, in time order, each as a model of the reading may know it: of `answer` nothing that came after it but its reactions. */
export function observeSession(
  session: SessionId,
  turns: readonly SessionTurn[],
  reading: Reading,
): readonly ObservedTurn[] {
  return turns.map((own, at) => ({
    turn: own.turn,
    event: own.event,
    session,
    atMs: own.atMs,
    ...(own.user !== undefined && { user: own.user }),
    ...(own.locale !== undefined && { locale: own.locale }),
    ...(own.surface !== undefined && { surface: own.surface }),
    context: contextOf(turns.slice(Math.max(0, at - CONTEXT_TURNS), at), own),
    response: own.response ?? '',
    ...(reading === 'aftermath' && { aftermath: aftermathOf(own, turns[at + 1]) }),
    reactions: reactionsTo(own),
  }));
}

function contextOf(earlier: readonly SessionTurn[], own: SessionTurn): ObservedTurn['context'] {
  return [
    ...earlier.flatMap(({ request, response = '' }) => [
      { role: 'user' as const, text: request },
      ...(response === '' ? [] : [{ role: 'assistant' as const, text: response }]),
    ]),
    { role: 'user', text: own.request },
  ];
}

function aftermathOf(
  { atMs, latencyMs = 0, signals }: SessionTurn,
  next: SessionTurn | undefined,
): NonNullable<ObservedTurn['aftermath']> {
  return {
    next: next?.request ?? '',
    ...(next !== undefined && { pauseMs: Math.max(0, next.atMs - atMs - latencyMs) }),
    behaviour: signals.flatMap(({ kind }) => wordAfter(BEHAVIOUR, kind)),
  };
}

function reactionsTo({ signals }: SessionTurn): readonly ObservedReaction[] {
  return signals.flatMap(({ event, kind: named, atMs, user }) =>
    wordAfter(REACTION, named).map((kind) => ({ event, kind, atMs, ...(user !== undefined && { user }) })),
  );
}

function wordAfter(prefix: string, kind: string): readonly string[] {
  return kind.startsWith(prefix) ? [kind.slice(prefix.length)] : [];
}
