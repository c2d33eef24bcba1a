import type { SeededRandom } from '@heed/kernel';
import { areaUnderRoc } from '@heed/statistics';
import { drawExamples, type Example } from '../exposure/draw-examples.ts';
import type { ExposureRules } from '../exposure/exposure-rules.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import { plantedTurns, type Attack } from './planted-turns.ts';

/** Probabilities of love, in the order of the turns. */
export type LoveScorer = (turns: readonly ObservedTurn[]) => Float64Array;

export interface AdversaryFigures {
  /** Share of positives among the training examples that have a target answer; absent where there is none. */
  readonly targetLoveRate?: number;
  /** What the model says of honest later turns that have a target answer, on average; absent where there is none. */
  readonly targetScore?: number;
  /** Over honest later examples; absent where they are all loved or none is. */
  readonly auroc?: number;
}

export interface AdversaryRow {
  /** Of users who are adversaries, 0 to 1: asked for, and how many that came to. */
  readonly share: number;
  readonly adversaries: number;
  readonly capped: AdversaryFigures;
  readonly uncapped: AdversaryFigures;
}

export interface AdversaryReport {
  /** Nobody is an adversary. */
  readonly honest: Pick<AdversaryRow, 'capped' | 'uncapped'>;
  readonly rows: readonly AdversaryRow[];
  readonly says: string;
}

export interface AdversaryQuestion {
  /** What is trained on. */
  readonly turns: readonly ObservedTurn[];
  /** Later turns without adversaries, which every model is judged on. */
  readonly later: readonly ObservedTurn[];
  /** End of what was observed, milliseconds since 1970, for training and for the later turns. */
  readonly untilMs: number;
  readonly laterUntilMs: number;
  readonly rules: ExposureRules;
  readonly attack: Attack;
  readonly train: (examples: readonly Example[]) => LoveScorer;
  readonly shares?: readonly number[];
}

/** A tenth of a hundredth, a hundredth, five hundredths of all users. */
const SHARES = [0.001, 0.01, 0.05];

/**
 * What users who love one kind of answer on purpose move: its love rate among the examples, the model's opinion of it, and how well the model tells honest
 * users' love, with the exposure rules' caps on bursts and on one user's share and without them. Two trainings for each share and two for none.
 *
 * Throws Fault `no-target-answers` when no turn has an answer of that kind.
 */
export function adversariesMove(
  { turns, later, untilMs, laterUntilMs, rules, attack, train, shares = SHARES }: AdversaryQuestion,
  random: SeededRandom,
): AdversaryReport {
  const users = new Set(turns.flatMap(({ user }) => user ?? [])).size;
  const honest = drawExamples(later, rules, laterUntilMs).examples;
  const figures = (all: readonly ObservedTurn[], by: ExposureRules): AdversaryFigures => {
    const { examples } = drawExamples(all, by, untilMs);
    return figuresOf(examples, honest, train(examples), attack);
  };
  const both = (all: readonly ObservedTurn[]): AdversaryReport['honest'] => ({
    capped: figures(all, rules),
    uncapped: figures(all, withoutCaps(rules)),
  });
  const without = both(turns);
  const rows = shares.map((share): AdversaryRow => {
    const adversaries = Math.ceil(share * users);
    const planted = plantedTurns(turns, adversaries, attack, rules, random);
    return { share, adversaries, ...both([...turns, ...planted]) };
  });
  return { honest: without, rows, says: sentence(without, rows, users) };
}

/** Counts above any log's. */
const NO_CAP = Number.MAX_SAFE_INTEGER;

export function withoutCaps(rules: ExposureRules): ExposureRules {
  return { ...rules, burst: NO_CAP, mostOfUser: NO_CAP };
}

function figuresOf(
  examples: readonly Example[],
  honest: readonly Example[],
  scorer: LoveScorer,
  { target }: Attack,
): AdversaryFigures {
  const scores = scorer(honest.map(({ turn }) => turn));
  const targetLoveRate = mean(examples.filter(({ turn }) => target(turn)).map(({ label }) => label));
  const targetScore = mean([...scores].filter((_, n) => honest[n] !== undefined && target(honest[n].turn)));
  const auroc = areaUnderRoc({ scores, labels: Uint8Array.from(honest, ({ label }) => label) });
  return {
    ...(targetLoveRate !== undefined && { targetLoveRate }),
    ...(targetScore !== undefined && { targetScore }),
    ...(!Number.isNaN(auroc) && { auroc }),
  };
}

function mean(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}

function sentence(honest: AdversaryReport['honest'], rows: readonly AdversaryRow[], users: number): string {
  const told = (by: 'capped' | 'uncapped', row: AdversaryRow): string =>
    `from ${inWords(honest[by].targetScore)} to ${inWords(row[by].targetScore)}`;
  const lines = rows.map(
    (row) =>
      `${(100 * row.share).toPrecision(2)} % of users (${row.adversaries} of ${users}) as adversaries move the mean score of their kind of answer ${told('capped', row)} with the caps, ${told('uncapped', row)} without.`,
  );
  return lines.join(' ');
}

function inWords(score: number | undefined): string {
  return score === undefined ? 'unknown' : score.toFixed(3);
}
