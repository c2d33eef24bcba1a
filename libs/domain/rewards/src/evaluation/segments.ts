/* eslint-disable @typescript-eslint/no-non-null-assertion -- arrays of one length, indexed below it */
import type { Example } from '../exposure/draw-examples.ts';
import { casesAt, evaluateFigures, type Evaluation, type JudgedCases } from './evaluate.ts';

/** A segment with fewer cases of either class than this says nothing. */
export const LEAST_OF_CLASS = 30;

export interface Segment extends Omit<Evaluation, 'reliability'> {
  /** `locale`, `surface`, `length` or `user`. */
  readonly by: string;
  readonly name: string;
}

/**
 * The figures by locale, surface, quartile of the answer's length, and whether the user was seen while the model was trained. Only segments with enough of both
 * classes to be judged, the one with the worst AUROC first.
 *
 * @param cases of the examples, in their order
 */
export function segmentsOf(
  examples: readonly Example[],
  cases: JudgedCases,
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
      const judged = casesAt(cases, own);
      const positives = judged.labels.reduce((sum, label) => sum + label, 0);
      if (Math.min(positives, own.length - positives) < LEAST_OF_CLASS) return [];
      return { by, name, ...evaluateFigures(judged, seed) };
    });
  });
  return segments.toSorted((a, b) => a.auroc - b.auroc);
}

/** Lengths up to which the first, second and third quarter of the answers go. */
function quartilesOf(lengths: readonly number[]): readonly number[] {
  const sorted = lengths.toSorted((a, b) => a - b);
  return [0.25, 0.5, 0.75].map((share) => sorted[Math.floor(share * sorted.length)] ?? 0);
}
