import type { EventId } from '@heed/kernel';
import type { ExposureRules } from './exposure-rules.ts';
import type { ObservedReaction } from './observed-turn.ts';

/** What reactions to a turn make of it, and those that are for it. */
export interface Majority {
  readonly label: 0 | 1;
  readonly reactions: readonly EventId[];
}

/** A turn that several reactions judge goes with the majority; undefined where none of them is of a kind that judges. */
export function majorityOf(
  reactions: readonly Pick<ObservedReaction, 'event' | 'kind'>[],
  { positive, negative }: Pick<ExposureRules, 'positive' | 'negative'>,
): Majority | 'torn' | undefined {
  const ofKind = (kinds: readonly string[]): readonly EventId[] =>
    reactions.filter(({ kind }) => kinds.includes(kind)).map(({ event }) => event);
  const [loved, unloved] = [ofKind(positive), ofKind(negative)];
  if (loved.length > unloved.length) return { label: 1, reactions: loved };
  if (unloved.length > loved.length) return { label: 0, reactions: unloved };
  return loved.length > 0 ? 'torn' : undefined;
}
