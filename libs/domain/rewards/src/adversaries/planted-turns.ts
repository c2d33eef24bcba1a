import { eventId, Fault, sessionId, type SeededRandom } from '@heed/kernel';
import type { ExposureRules } from '../exposure/exposure-rules.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';

/** What adversaries want loved, and how hard they press. */
export interface Attack {
  readonly target: (turn: ObservedTurn) => boolean;
  /** Target answers that each adversary gets and loves, one after the other. */
  readonly each: number;
  /** Between them, milliseconds. */
  readonly apartMs: number;
}

/**
 * The turns with which adversaries add to a log: so many of its known users, drawn by chance, each get target answers over again, in a session of their own
 * that begins at one of their turns, and love every one at once. What they did before stays. No planted turn is later than the log's last one.
 *
 * Throws Fault `no-target-answers` when the log has no target answer.
 */
export function plantedTurns(
  turns: readonly ObservedTurn[],
  adversaries: number,
  { target, each, apartMs }: Attack,
  { positive }: Pick<ExposureRules, 'positive'>,
  random: SeededRandom,
): readonly ObservedTurn[] {
  const targets = turns.filter((turn) => target(turn));
  const [kind] = positive;
  if (targets.length === 0 || kind === undefined)
    throw new Fault(
      'no-target-answers',
      'none of the turns has an answer of the kind that adversaries are to love, or nothing counts as love',
      'name a kind of answer that the log has, and a positive kind of reaction',
    );
  const lastMs = turns.reduce((last, { atMs }) => Math.max(last, atMs), -Infinity);
  const known = [...Map.groupBy(turns, ({ user }) => user)].flatMap(([user, own]) =>
    user === undefined ? [] : [{ user, own }],
  );
  return Array.from({ length: Math.min(adversaries, known.length) }, () =>
    known.splice(random.below(known.length), 1),
  )
    .flat()
    .flatMap(({ user, own }, n) => {
      const startMs = Math.min(random.pick(own).atMs, lastMs - each * apartMs);
      return Array.from({ length: each }, (_, place): ObservedTurn => {
        const id = `planted-${String(n)}-${String(place)}`;
        const atMs = startMs + place * apartMs;
        return {
          ...random.pick(targets),
          event: eventId(id),
          session: sessionId(`planted-${String(n)}`),
          atMs,
          user,
          reactions: [{ event: eventId(`${id}-love`), kind, atMs, user }],
        };
      });
    });
}
