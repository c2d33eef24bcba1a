import type { SessionId } from '@heed/kernel';
import type { DerivedSession } from './derived-session.ts';
import type { SessionModels } from './session-models.ts';

/** What is left of an event whose user was forgotten: that it was there. */
export interface ErasedEvent {
  readonly receivedAtMs: number;
}

/** Why a dead letter has no bytes any more, and nothing but its reason is known of it. */
export const ERASED_LETTER = {
  detail: 'its user was forgotten, and its bytes with them',
  remedy: 'nothing is to be done: it stays for the accounting alone',
} as const;

/**
 * The session when events of it were erased: these are stored, as they were before. What names a turn that is not there may be missing an erased
 * one, which nobody can tell any more: it is no orphan, waits for nothing and has no effect.
 *
 * @param derived of what is left; undefined when nothing is
 * @param erased at least one when nothing else is left
 */
export function withErased(
  derived: DerivedSession | undefined,
  session: SessionId,
  erased: readonly ErasedEvent[],
  models: SessionModels,
): DerivedSession {
  if (derived === undefined) return emptySession(session, erased, models);
  if (erased.length === 0) return derived;
  return {
    ...derived,
    orphans: [],
    storedEvents: derived.storedEvents + derived.orphans.length + erased.length,
  };
}

/** When it was is not known any more; when the last of it was received is. */
function emptySession(
  session: SessionId,
  erased: readonly ErasedEvent[],
  { reformulation, followUp, outcome }: SessionModels,
): DerivedSession {
  const atMs = erased.reduce((last, { receivedAtMs }) => Math.max(last, receivedAtMs), 0);
  return {
    session,
    startedAtMs: atMs,
    endedAtMs: atMs,
    day: new Date(atMs).toISOString().slice(0, 10),
    turns: [],
    chain: { steps: [], end: 'unlabelled', explored: false },
    orphans: [],
    storedEvents: erased.length,
    models: {
      reformulation: reformulation.version,
      followUp: followUp.version,
      outcome: outcome.version,
    },
  };
}
