import { Fault } from '@heed/kernel';
import { paretoTable } from '../objectives/pareto-table.ts';
import type { ObjectivesAnswer } from './model-answers.ts';
import type { ObjectivesAsked } from './model-question.ts';
import type { TurnScorer } from './questioned-log.ts';

/**
 * What each weighting of objectives would give on the same prompts, `love` being what the model says. Throws Fault `invalid-objectives`, and
 * `nothing-admissible` where the constraints leave a prompt nothing to give.
 */
export async function askObjectives(
  { prompts, weightings, constraints, beta }: ObjectivesAsked,
  score: TurnScorer,
): Promise<ObjectivesAnswer> {
  const { probabilities } = await score(
    prompts.flatMap(({ prompt, candidates }) =>
      candidates.map(({ text }) => ({ context: [{ role: 'user', text: prompt }], response: text })),
    ),
  );
  let at = 0;
  const weighed = prompts.map(({ candidates }) =>
    candidates.map(({ reference = 1 / candidates.length, rewards }) => ({
      reference,
      rewards: { ...rewards, love: probabilities[at++] ?? NaN },
    })),
  );
  const rows = paretoTable(weighed, { constraints, beta, weightings });
  if (!rows.ok)
    throw new Fault(
      rows.error.code,
      rows.error.message,
      'Offer that prompt another candidate, or ask for less.',
    );
  return {
    prompts: prompts.length,
    beta,
    constraints: [...constraints],
    rows: rows.value.map((row) => ({
      weights: { ...row.weights },
      expected: { ...row.expected },
      kl: row.kl,
      dominatedBy: [...row.dominatedBy],
    })),
  };
}
