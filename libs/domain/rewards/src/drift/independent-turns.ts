import type { ObservedTurn } from '../exposure/observed-turn.ts';

/**
 * As how many turns of as many users these tell of all turns, at the least: the size over Kish's design effect (1965, Survey Sampling) where all turns of a
 * user are alike, as their locale is; (sum of n)^2 / sum of n^2 over users, 0 for no turns. A turn without a user is of its session.
 */
export function independentTurns(turns: readonly ObservedTurn[]): number {
  const own = new Map<string, number>();
  for (const { user, session } of turns) {
    const of = user === undefined ? `session ${session}` : `user ${user}`;
    own.set(of, (own.get(of) ?? 0) + 1);
  }
  let squares = 0;
  for (const count of own.values()) squares += count * count;
  return turns.length === 0 ? 0 : (turns.length * turns.length) / squares;
}
