import { seededRandom } from '@heed/kernel';
import type { ObservedTurn } from '../exposure/observed-turn.ts';

/**
 * The same turns, answered by so many policies: p-0 is the one that says sorry most, the last one least. A turn goes to the lower of two policies drawn by
 * chance where its answer begins with sorry, to the higher where it does not.
 */
export function ofPolicies(turns: readonly ObservedTurn[], count: number): readonly ObservedTurn[] {
  const random = seededRandom(13);
  return turns.map((turn) => {
    const drawn = [random.below(count), random.below(count)];
    const policy = turn.response.startsWith('Sorry') ? Math.min(...drawn) : Math.max(...drawn);
    return { ...turn, answeredBy: `p-${String(policy)}` };
  });
}
