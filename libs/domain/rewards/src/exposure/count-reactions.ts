import type { UserId } from '@heed/kernel';
import type { ExposureRules } from './exposure-rules.ts';
import type { ObservedReaction, ObservedTurn } from './observed-turn.ts';

/** Reactions that are not examples, and why. */
export interface CappedReactions {
  /** In a burst of one user's. */
  readonly burst: number;
  /** Beyond what one user may have. */
  readonly user: number;
  /** Users of either. */
  readonly users: number;
  /** What one user might have at most. */
  readonly mostOfUser: number;
}

export interface CountedReactions {
  /** Those that count, by the turn's event. */
  readonly byTurn: ReadonlyMap<string, readonly ObservedReaction[]>;
  readonly reactions: number;
  readonly capped: CappedReactions;
}

interface Given {
  readonly turn: ObservedTurn;
  readonly reaction: ObservedReaction;
}

/**
 * Takes out what one user gave too much of, in the order of time: first what came in bursts, then what is beyond a user's share of what is left. All
 * reactions of nobody known are one user's together: who is not named may open any number of sessions.
 */
export function countReactions(turns: readonly ObservedTurn[], rules: ExposureRules): CountedReactions {
  const given = turns
    .flatMap((turn) => turn.reactions.map((reaction) => ({ turn, reaction })))
    .filter(({ reaction }) => judges(reaction.kind, rules))
    .toSorted((a, b) => a.reaction.atMs - b.reaction.atMs || compare(a.reaction.event, b.reaction.event));
  const ofUser = Map.groupBy(given, giverOf);
  const calm = [...ofUser].map(([user, own]) => [user, withoutBursts(own, rules)] as const);
  const left = calm.reduce((sum, [, own]) => sum + own.length, 0);
  const mostOfUser = Math.max(rules.userLeast, Math.floor(rules.userShare * left));
  const counted = calm.flatMap(([, own]) => own.slice(0, mostOfUser));
  const byTurn = Map.groupBy(counted, ({ turn }) => turn.event);
  return {
    byTurn: new Map([...byTurn].map(([turn, own]) => [turn, own.map(({ reaction }) => reaction)])),
    reactions: counted.length,
    capped: {
      burst: given.length - left,
      user: left - counted.length,
      users: calm.filter(([user, own]) => Math.min(own.length, mostOfUser) < (ofUser.get(user)?.length ?? 0))
        .length,
      mostOfUser,
    },
  };
}

/** Whether such a reaction may make an example: any that says that the user reacts, unless it is told what a negative is. */
export function judges(kind: string, { positive, negative }: ExposureRules): boolean {
  return negative.length === 0 || positive.includes(kind) || negative.includes(kind);
}

function giverOf({ turn, reaction }: Given): UserId | undefined {
  return reaction.user ?? turn.user;
}

/** Keeps a reaction when fewer than `burst` were kept in the time before it. */
function withoutBursts(own: readonly Given[], { burst, burstMs }: ExposureRules): readonly Given[] {
  const kept: Given[] = [];
  for (const given of own) {
    const earliest = kept.at(-burst);
    if (earliest === undefined || given.reaction.atMs - earliest.reaction.atMs >= burstMs) kept.push(given);
  }
  return kept;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
