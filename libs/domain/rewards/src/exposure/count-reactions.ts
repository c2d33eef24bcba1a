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
  const mostOfUser = rules.mostOfUser ?? mostOfUserIn(calm, rules);
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

/**
 * The largest number that is no more than a user's share of all that counts once nobody has more than it: of what was sent, who sends a thousand would
 * widen their own share. Never below what the user in the middle gave, as far as they are known by name: where there are few users each has a large part by nature.
 */
function mostOfUserIn(
  calm: readonly (readonly [user: UserId | undefined, own: readonly Given[]])[],
  { userShare, userLeast }: ExposureRules,
): number {
  const sizes = calm.map(([, own]) => own.length);
  const counted = (most: number): number => sizes.reduce((sum, size) => sum + Math.min(size, most), 0);
  let most = Infinity;
  // Falls at each step until it holds: what is counted grows with it, so that no larger number was passed over.
  for (;;) {
    const next = Math.floor(userShare * counted(most));
    if (next >= most) break;
    most = next;
  }
  const named = calm
    .flatMap(([user, own]) => (user === undefined ? [] : own.length))
    .toSorted((a, b) => a - b);
  return Math.max(userLeast, named[(named.length - 1) >> 1] ?? 0, most);
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
