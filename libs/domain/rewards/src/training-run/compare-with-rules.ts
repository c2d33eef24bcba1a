import { againstRules, type RulesComparison } from '../evaluation/against-rules.ts';
import type { Example } from '../exposure/draw-examples.ts';
import { clustersOf } from './judge-examples.ts';

/** Absent where the rules did not speak of every example. */
export function compareWithRules(
  examples: readonly Example[],
  probabilities: Float64Array,
  threshold: number,
  seed: number,
): RulesComparison | undefined {
  const ruled = examples.flatMap(({ turn }) => turn.ruledDefect ?? []);
  if (ruled.length < examples.length) return undefined;
  return againstRules(
    {
      probabilities,
      ruled: Float64Array.from(ruled),
      labels: Uint8Array.from(examples, ({ label }) => label),
      clusters: clustersOf(examples),
    },
    threshold,
    seed,
  );
}
