import type { EventData, EventOf } from '@heed/events';
import type { SessionEvent } from './session-event.ts';

/**
 * The reactions that another one to the same turn takes back, by their ids, wherever in time the two stand; not so when both name their user and it is not
 * the same. What takes back is not among them.
 */
export function retractedReactions(
  events: readonly SessionEvent[],
): ReadonlyMap<string, EventOf<'reaction'>> {
  const reactions = events.flatMap(({ event }) => (event.name === 'reaction' ? [event] : []));
  const byId = new Map<string, EventOf<'reaction'>>(reactions.map((reaction) => [reaction.id, reaction]));
  const retracted = new Map<string, EventOf<'reaction'>>();
  for (const { data } of reactions) {
    const target = data.retracts === undefined ? undefined : byId.get(data.retracts);
    if (target !== undefined && mayRetract(data, target.data)) retracted.set(target.id, target);
  }
  return retracted;
}

/** An orphan has no turn, so it takes back nothing but other orphans, which have no effect anyway. */
function mayRetract(by: EventData['reaction'], target: EventData['reaction']): boolean {
  if (by.turn !== target.turn) return false;
  return by.user === undefined || target.user === undefined || by.user === target.user;
}
