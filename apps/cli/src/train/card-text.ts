import type { JudgedFigures, ModelCard } from '@heed/rewards';
import { count, counted } from '../output/numbers.ts';
import { table } from '../output/table.ts';

/** The card in short, for people; the page has all of it. */
export function cardText(card: ModelCard): string {
  const { model, verdict, counts, parts, leftOut, capped, sampling, gates, evaluation, file } = card;
  const failed = gates.filter(({ passed }) => !passed);
  return [
    `${model}: ${verdict === 'passed' ? 'every gate was passed' : `refused by ${failed.map(({ gate }) => gate).join(', ')}`}`,
    `${counted(counts.examples, 'example')} (${count(counts.positives)} positive) of ${counted(counts.turns, 'turn')}, from ${counted(counts.reactions, 'reaction')} of ${counted(counts.reactors, 'user')}; learned from ${count(parts.fit.n)}, chosen by ${count(parts.tune.n)}, judged by ${count(parts.test.n)}`,
    `Left out: ${Object.entries(leftOut)
      .map(([why, turns]) => `${why} ${count(turns)}`)
      .join(
        ', ',
      )}, straddling ${count(parts.straddling)}; capped: bursts ${count(capped.burst)}, users ${count(capped.user)}; negatives sampled ${count(sampling.negatives)} of ${count(sampling.ofNegatives)}`,
    figuresText(evaluation),
    table(gates, [
      { title: 'gate', of: ({ gate }) => gate },
      { title: '', of: ({ passed }) => (passed ? 'passed' : 'refused') },
      { title: 'measured', of: ({ says }) => says, maxWidth: 120 },
    ]),
    `sha256 ${file.sha256}`,
    verdict === 'passed'
      ? `Next: npx heed models ${model} live`
      : 'Nothing goes live by it. More reactions, of more users, tell more surely: the intervals are as wide as users are few.',
  ].join('\n\n');
}

const SHOWN = [
  ['AUROC', 'auroc'],
  ['PR-AUC', 'prAuc'],
  ['log loss', 'logLoss'],
  ['  of the base rate', 'baseLogLoss'],
  ['calibration error', 'ece'],
  ['AUROC of the length alone', 'lengthAuroc'],
  ['correlation with the length', 'lengthCorrelation'],
] as const;

export function figuresText(figures: JudgedFigures): string {
  const { n, positives, worstSegment } = figures;
  const shown = table(SHOWN, [
    { title: `on ${counted(n, 'later turn')}, ${count(positives)} positive`, of: ([title]) => title },
    { title: 'value', of: ([, name]) => figure(figures[name]), align: 'right' },
    {
      title: '95 %',
      of: ([, name]) => `${figure(figures.intervals[name].low)} to ${figure(figures.intervals[name].high)}`,
    },
  ]);
  return worstSegment === null
    ? shown
    : `${shown}\nThe worst segment is ${worstSegment}: AUROC ${figure(figures.segments[0]?.auroc ?? null)}`;
}

function figure(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}
