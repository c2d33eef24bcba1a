import type { EventOf } from '@heed/events';
import { turnId, type TurnId } from '@heed/kernel';
import { orderEvents } from './order-events.ts';
import type { SessionEvent } from './session-event.ts';

/** An answer, and since when it stood, milliseconds since 1970. */
export interface GivenAnswer {
  readonly atMs: number;
  readonly text: string;
}

/**
 * The answers of each turn that had any sent on its own, in the order in which each took the place of the one before: the last is the one that
 * `deriveSession` gives the turn. What came with the turn stood from the turn's time on. Of all other turns, what came with them is all there is.
 */
export function givenAnswers(events: readonly SessionEvent[]): ReadonlyMap<TurnId, readonly GivenAnswer[]> {
  const turns = new Map<string, EventOf<'turn'>>();
  const responses: EventOf<'response'>[] = [];
  for (const { event, apart } of orderEvents(events)) {
    if (apart) continue;
    if (event.name === 'turn' && !turns.has(event.data.turn)) turns.set(event.data.turn, event);
    if (event.name === 'response') responses.push(event);
  }
  const answers = new Map<TurnId, readonly GivenAnswer[]>();
  for (const [named, own] of Map.groupBy(responses, ({ data }) => data.turn)) {
    const turn = turns.get(named);
    if (turn === undefined) continue;
    answers.set(
      turnId(named),
      [turn, ...own].flatMap(({ timeMs, data: { response } }) =>
        response === undefined ? [] : [{ atMs: timeMs, text: response.text }],
      ),
    );
  }
  return answers;
}
