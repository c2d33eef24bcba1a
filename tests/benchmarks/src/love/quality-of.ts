/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import { seededRandom } from '@heed/kernel';
import {
  areaUnderRoc,
  bootstrapIntervals,
  calibrationError,
  reliability,
  type Interval,
} from '@heed/statistics';
import type { JudgedAnswer } from './judged-answer.ts';

/** Scores by answer of each model that was tried; NaN where an answer was not. */
export interface TriedScores {
  readonly native: Float64Array;
  /** What the native model says as a probability. */
  readonly probabilities: Float64Array;
  readonly encoded?: Float64Array;
  readonly reference?: Float64Array;
}

export interface Estimate extends Interval {
  readonly value: number;
}

/** AUROC, the share of pairs in the right order, or unweighted average recall: of each model, of the answer's length, and of one model above another. */
export interface Quality {
  readonly measure: 'AUROC' | 'pairs' | 'UAR';
  /** Answers or pairs. */
  readonly cases: number;
  readonly native: Estimate;
  /** Expected calibration error of the native model, where it says one probability. */
  readonly ece?: number;
  readonly encoded?: Estimate;
  readonly reference?: Estimate;
  readonly length?: Estimate;
  /** Of the probabilities that labels were drawn by: the best that the noise allows. */
  readonly best?: Estimate;
  readonly nativeOverReference?: Estimate;
  readonly encodedOverNative?: Estimate;
}

const SEED = 7;

/** With 95 % by bootstrap over groups; models beside each other are judged on the same draws. */
export function qualityOf(
  answers: readonly JudgedAnswer[],
  { probabilities, ...tried }: TriedScores,
): Quality {
  const isDrawn = answers.every(({ probability }) => probability !== undefined);
  const all: Record<string, Float64Array> = {
    ...tried,
    length: Float64Array.from(answers, ({ turn }) => turn.response.length),
    ...(isDrawn && { best: Float64Array.from(answers, ({ probability }) => probability ?? NaN) }),
  };
  const names = Object.keys(all);
  const pairs = pairsOf(answers);
  const judged = [...answers.keys()].filter((place) => !Number.isNaN(tried.native[place]!));
  const cases = pairs.length > 0 ? pairs.map(([better]) => better) : judged;
  const figure =
    pairs.length > 0
      ? (scores: Float64Array, drawn: Uint32Array) => rightOrder(scores, pairs, drawn)
      : (scores: Float64Array, drawn: Uint32Array) =>
          areaUnderRoc({
            scores: Float64Array.from(drawn, (at) => scores[judged[at]!]!),
            labels: Uint8Array.from(drawn, (at) => answers[judged[at]!]!.label),
          });
  const figures = (drawn: Uint32Array): Record<string, number> => {
    const own: Record<string, number> = Object.fromEntries(
      names.map((name) => [name, figure(all[name]!, drawn)]),
    );
    const gap = (one: string, other: string): number => (own[one] ?? NaN) - (own[other] ?? NaN);
    return {
      ...own,
      nativeOverReference: gap('native', 'reference'),
      encodedOverNative: gap('encoded', 'native'),
    };
  };
  const clusters = numbered(cases.map((place) => answers[place]!.group));
  const values = figures(Uint32Array.from(cases.keys()));
  const intervals = bootstrapIntervals(clusters, figures, seededRandom(SEED));
  const estimate = (name: string): Estimate => ({ value: values[name]!, ...intervals[name]! });
  return {
    measure: pairs.length > 0 ? 'pairs' : 'AUROC',
    cases: cases.length,
    native: estimate('native'),
    length: estimate('length'),
    ece: calibrationError(
      reliability(
        Float64Array.from(judged, (place) => probabilities[place]!),
        Uint8Array.from(judged, (place) => answers[place]!.label),
      ),
    ),
    ...(isDrawn && { best: estimate('best') }),
    ...(tried.encoded && {
      encoded: estimate('encoded'),
      encodedOverNative: estimate('encodedOverNative'),
    }),
    ...(tried.reference && {
      reference: estimate('reference'),
      nativeOverReference: estimate('nativeOverReference'),
    }),
  };
}

/** Places of the better and the worse answer. */
function pairsOf(answers: readonly JudgedAnswer[]): readonly (readonly [number, number])[] {
  const byPair = new Map<string, [number, number]>();
  answers.forEach(({ pair, label }, place) => {
    if (pair === undefined) return;
    const own = byPair.get(pair) ?? [place, place];
    own[1 - label] = place;
    byPair.set(pair, own);
  });
  return [...byPair.values()];
}

/** A tie is half right. */
function rightOrder(
  scores: Float64Array,
  pairs: readonly (readonly [number, number])[],
  drawn: Uint32Array,
): number {
  let right = 0;
  for (const at of drawn) {
    const [better, worse] = pairs[at]!;
    right += (Math.sign(scores[better]! - scores[worse]!) + 1) / 2;
  }
  return right / drawn.length;
}

function numbered(groups: readonly string[]): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(groups, (group) => {
    if (!numbers.has(group)) numbers.set(group, numbers.size);
    return numbers.get(group)!;
  });
}
