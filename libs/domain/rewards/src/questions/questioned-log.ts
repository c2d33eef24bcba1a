import type { SeededRandom } from '@heed/kernel';
import type { ModelCard } from '../card/model-card.ts';
import { drawExamples, type Example } from '../exposure/draw-examples.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import type { ReadableTurn } from '../features/feature-reader.ts';
import type { Scores } from '../reward-head.ts';
import { shuffle } from '../training/shuffle.ts';
import { lastMomentOf } from '../training-run/train-model.ts';

/** Scores of the model that is asked about, in the order of the turns. */
export type TurnScorer = (turns: readonly ReadableTurn[]) => Promise<Scores>;

/** A log as the questions about a model read it. */
export interface QuestionedLog {
  readonly turns: readonly ObservedTurn[];
  /** By the rules of the model's card, in time order. */
  readonly examples: readonly Example[];
  /** Those of before the part that the model was judged on. */
  readonly learned: readonly Example[];
  /** Those of that part and later, of sessions that began there. */
  readonly heldOut: readonly Example[];
  /** What one user might have at most in all of it, by the rules of the card. */
  readonly mostOfUser: number;
  /** When the part begins that the model was judged on, milliseconds since 1970. */
  readonly testMs: number;
  /** End of what was observed, milliseconds since 1970. */
  readonly untilMs: number;
}

export function questionedLog(turns: readonly ObservedTurn[], card: ModelCard): QuestionedLog {
  const untilMs = lastMomentOf(turns);
  const { examples, capped } = drawExamples(turns, card.exposure, untilMs);
  const testMs = Date.parse(card.parts.test.from);
  const learned = examples.filter(({ turn }) => turn.atMs < testMs);
  const known = new Set(learned.map(({ turn }) => turn.session));
  const heldOut = examples.filter(({ turn }) => turn.atMs >= testMs && !known.has(turn.session));
  return { turns, examples, learned, heldOut, mostOfUser: capped.mostOfUser, testMs, untilMs };
}

/** Turns of users drawn by chance, all that each has, until there are enough: who reacts, and how much of it counts, only all of a user's turns tell. */
export function wholeUsers(
  turns: readonly ObservedTurn[],
  most: number,
  random: SeededRandom,
): readonly ObservedTurn[] {
  const byUser = [...Map.groupBy(turns, ({ user, session }) => user ?? `\0${session}`).values()];
  const order = Uint32Array.from(byUser.keys());
  shuffle(order, random);
  const drawn: ObservedTurn[] = [];
  for (const at of order) {
    const own = byUser[at] ?? [];
    if (drawn.length + own.length > most) continue;
    drawn.push(...own);
  }
  return drawn;
}
