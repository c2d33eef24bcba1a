/* eslint-disable @typescript-eslint/no-non-null-assertion -- arrays of one length, indexed below it */
import { seededRandom } from '@heed/kernel';
import { areaUnderRoc, bootstrapInterval, type Interval } from '@heed/statistics';
import type { Example } from '../exposure/draw-examples.ts';

/** A segment with fewer cases of either class than this says nothing. */
export const LEAST_OF_CLASS = 30;

export interface Segment {
  /** `locale`, `surface`, `length` or `user`. */
  readonly by: string;
  readonly name: string;
  readonly n: number;
  readonly positives: number;
  readonly auroc: number;
  readonly interval: Interval;
}

/**
 * AUROC by locale, surface, quartile of the answer's length, and whether the user was seen while the model was trained. Only segments with enough of both
 * classes to be judged, the worst first.
 */
export function segmentsOf(
  examples: readonly Example[],
  probabilities: Float64Array,
  clusters: Uint32Array,
  knownUsers: ReadonlySet<string>,
  seed: number,
): readonly Segment[] {
  const quartiles = quartilesOf(examples.map(({ turn }) => turn.response.length));
  const kinds: Readonly<Record<string, (example: Example) => string | undefined>> = {
    locale: ({ turn }) => turn.locale,
    surface: ({ turn }) => turn.surface,
    length: ({ turn }) => `quarter ${1 + quartiles.filter((end) => turn.response.length > end).length}`,
    user: ({ turn }) => (turn.user === undefined ? undefined : knownUsers.has(turn.user) ? 'known' : 'new'),
  };
  const segments = Object.entries(kinds).flatMap(([by, nameOf]) => {
    const places = Map.groupBy(examples.keys(), (at) => nameOf(examples[at]!));
    return [...places].flatMap(([name, own]) => {
      if (name === undefined) return [];
      const scores = Float64Array.from(own, (at) => probabilities[at]!);
      const labels = Uint8Array.from(own, (at) => examples[at]!.label);
      const positives = labels.reduce<number>((sum, label) => sum + label, 0);
      if (Math.min(positives, labels.length - positives) < LEAST_OF_CLASS) return [];
      const interval = bootstrapInterval(
        own.map((at) => clusters[at]!),
        (drawn) =>
          areaUnderRoc({
            scores: Float64Array.from(drawn, (at) => scores[at]!),
            labels: Uint8Array.from(drawn, (at) => labels[at]!),
          }),
        seededRandom(seed),
      );
      return { by, name, n: own.length, positives, auroc: areaUnderRoc({ scores, labels }), interval };
    });
  });
  return segments.toSorted((a, b) => a.auroc - b.auroc);
}

/** Lengths up to which the first, second and third quarter of the answers go. */
function quartilesOf(lengths: readonly number[]): readonly number[] {
  const sorted = lengths.toSorted((a, b) => a - b);
  return [0.25, 0.5, 0.75].map((share) => sorted[Math.floor(share * sorted.length)] ?? 0);
}
