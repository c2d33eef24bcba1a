import { againstRules, type RulesComparison } from '../evaluation/against-rules.ts';
import { bestThreshold } from '../evaluation/decisions.ts';
import type { Example } from '../exposure/draw-examples.ts';
import { clustersOf } from './judge-examples.ts';

/**
 * On the examples of which the model would decide in place of the rules: those that the rules keep for themselves are left out, and counted. Absent where the
 * rules did not speak of every example.
 */
export function compareWithRules(
  examples: readonly Example[],
  probabilities: Float64Array,
  threshold: number,
  seed: number,
): RulesComparison | undefined {
  const ruled = examples.flatMap(({ turn }) => turn.ruledDefect ?? []);
  if (ruled.length < examples.length) return undefined;
  const decided = decidedIn(examples);
  const those = decided.flatMap((at) => examples[at] ?? []);
  const comparison = againstRules(
    {
      probabilities: Float64Array.from(decided, (at) => probabilities[at] ?? NaN),
      ruled: Float64Array.from(decided, (at) => ruled[at] ?? NaN),
      labels: labelsOf(those),
      clusters: clustersOf(those),
    },
    threshold,
    seed,
  );
  const leftOut = examples.length - those.length;
  const says =
    leftOut === 0
      ? comparison.says
      : `${comparison.says}; left out are ${leftOut} of ${examples.length} turns, which ask for nothing and stay with the rules`;
  return { ...comparison, leftOut, says };
}

/** From which probability on to say that a turn failed: by those of which the model would decide; by all where there is none of these. */
export function chooseThreshold(examples: readonly Example[], told: Float64Array): number {
  const decided = decidedIn(examples);
  if (decided.length === 0) return bestThreshold({ scores: told, labels: labelsOf(examples) });
  return bestThreshold({
    scores: Float64Array.from(decided, (at) => told[at] ?? NaN),
    labels: labelsOf(decided.flatMap((at) => examples[at] ?? [])),
  });
}

function decidedIn(examples: readonly Example[]): readonly number[] {
  return examples.flatMap(({ turn }, at) => (turn.keptByRules === true ? [] : [at]));
}

function labelsOf(examples: readonly Example[]): Uint8Array {
  return Uint8Array.from(examples, ({ label }) => label);
}
