import { err, ok, type Result } from '@heed/kernel';
import type { Candidate, Constraint } from './candidate.ts';
import { invalidObjectives } from './check-objectives.ts';
import { chooseByObjectives, type NothingAdmissible } from './choose-by-objectives.ts';

export interface ParetoRow {
  readonly weights: Readonly<Record<string, number>>;
  /** Mean of each objective over the prompts. */
  readonly expected: Readonly<Record<string, number>>;
  /** Mean distance from the current policy over the prompts, nats. */
  readonly kl: number;
  /** Rows, by their place, that give at least as much of every objective and more of one; none where the weights are worth asking about. */
  readonly dominatedBy: readonly number[];
}

export interface ParetoQuestion {
  readonly constraints: readonly Constraint[];
  /** See `Objectives`; the same for all rows. */
  readonly beta: number;
  /** The weights asked for, a row each. */
  readonly weightings: readonly Readonly<Record<string, number>>[];
}

/**
 * What each of several weightings would give on the same prompts, and which of them no one should choose because another gives
 * more of everything. The distance from the current policy is no objective here: with it no weighting is ever dominated, for
 * each is the best there is at its own weights; it stands in its own column, as what a row costs.
 *
 * Cost: prompts times weightings times candidates.
 *
 * @param prompts the candidates of each prompt, which all have the same objectives
 * @returns refused where a prompt has nothing left to give, with its place counted from 1
 * @throws Fault `invalid-objectives`
 */
export function paretoTable(
  prompts: readonly (readonly Candidate[])[],
  { constraints, beta, weightings }: ParetoQuestion,
): Result<readonly ParetoRow[], NothingAdmissible> {
  checkAlike(prompts);
  const rows: Omit<ParetoRow, 'dominatedBy'>[] = [];
  for (const weights of weightings) {
    const sums = new Map<string, number>();
    let kl = 0;
    for (const [at, candidates] of prompts.entries()) {
      const choice = chooseByObjectives(candidates, { constraints, weights, beta }, `Prompt ${at + 1}: `);
      if (!choice.ok) return err(choice.error);
      for (const [name, mean] of Object.entries(choice.value.expected))
        sums.set(name, (sums.get(name) ?? 0) + mean);
      kl += choice.value.kl;
    }
    const mean = (sum: number): number => rounded(sum / prompts.length);
    rows.push({
      weights,
      expected: Object.fromEntries([...sums].map(([name, sum]) => [name, mean(sum)])),
      kl: mean(kl),
    });
  }
  return ok(
    rows.map((row) => ({
      ...row,
      dominatedBy: rows.flatMap((other, at) => (dominates(other, row) ? [at] : [])),
    })),
  );
}

/** Throws Fault `invalid-objectives` where there is no prompt, or one has other rewards than the first. */
function checkAlike(prompts: readonly (readonly Candidate[])[]): void {
  const [first, ...others] = prompts.map(([candidate]) =>
    Object.keys(candidate?.rewards ?? {})
      .sort()
      .join(', '),
  );
  if (first === undefined) throw invalidObjectives('there is no prompt.');
  for (const [at, other] of others.entries())
    if (other !== first)
      throw invalidObjectives(
        `prompt ${at + 2} has the rewards ${other || 'none'}, and prompt 1 ${first || 'none'}: every prompt needs the same.`,
      );
}

type Means = Pick<ParetoRow, 'expected'>;

function dominates({ expected: mine }: Means, { expected: theirs }: Means): boolean {
  const differences = Object.entries(mine).map(([name, mean]) => mean - (theirs[name] ?? NaN));
  return (
    differences.every((difference) => difference >= 0) && differences.some((difference) => difference > 0)
  );
}

/** To 12 digits, so that rows that differ by rounding alone are equal; a tolerance instead would let rows dominate in a circle. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
