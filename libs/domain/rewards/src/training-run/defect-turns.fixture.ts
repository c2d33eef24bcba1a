import { seededRandom } from '@heed/kernel';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import { loveOrder, loveTurns } from './love-turns.fixture.ts';
import { TRAINED_PURPOSES } from './purposes.ts';
import type { TrainingOrder } from './training-order.ts';

export const defectOrder: TrainingOrder = {
  ...loveOrder,
  name: 'defect',
  purpose: 'defect',
  ...TRAINED_PURPOSES.defect,
};

/** What users say next in a way of this tenant's own, which no rule knows. */
const NEXT = { failed: ['hmm zilch', 'so much for that'], served: ['ace', 'what else is new'] } as const;

interface Knowing {
  /** Share of the turns after which the user's next words tell that it failed, or not. */
  readonly next: number;
  /** Share of those that the rules are right about. */
  readonly rules: number;
}

/** Turns that failed or not by chance, and were all rated; how much the next words and the rules know of it is as given. */
export function defectTurns(count: number, knowing: Knowing): readonly ObservedTurn[] {
  const random = seededRandom(5);
  return loveTurns(count).map((turn) => {
    const failed = random.chance(0.3);
    const said = random.chance(knowing.next) ? failed : random.chance(0.3);
    const ruled = random.chance(knowing.rules) ? failed : random.chance(0.3);
    return {
      ...turn,
      response: 'Here it is.',
      reactions: turn.reactions.map((one) => ({ ...one, kind: failed ? 'rating.low' : 'thumbs-up' })),
      aftermath: { next: random.pick(said ? NEXT.failed : NEXT.served), behaviour: [] },
      ruledDefect: ruled ? 0.8 : 0.22,
    };
  });
}
