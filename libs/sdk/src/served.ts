import type { Decision } from '@heed/policies';
import type { TurnData } from './event-data.ts';

/**
 * What a turn says of the decision that was followed; nothing when there was no rewrite.
 *
 * @example heed.emit({ type: 'heed.turn.v1', session, data: { turn, request: { text }, ...served(decision) } })
 */
export function served({ fix, rewrite }: Decision): Pick<TurnData, 'served'> {
  return fix === null || rewrite === null ? {} : { served: { fix, text: rewrite } };
}
