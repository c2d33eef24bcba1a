import type { JudgedFigures, LaterFigures, ModelCard } from '@heed/rewards';
import { count, counted } from '../output/numbers.ts';
import { table } from '../output/table.ts';

/** What makes examples of a purpose. */
const EVIDENCE = { love: 'reaction', defect: 'verdict', followup: 'follow-up' } as const satisfies Record<
  ModelCard['purpose'],
  string
>;

const READS = {
  answer: 'the request, the answer and what was said before: nothing later',
  aftermath: 'the answer, what was said before, and what the user said and did next',
} as const satisfies Record<ModelCard['features']['reading'], string>;

/** The card in short, for people; the page has all of it. */
export function cardText(card: ModelCard): string {
  const {
    model,
    purpose,
    verdict,
    counts,
    parts,
    leftOut,
    capped,
    sampling,
    gates,
    evaluation,
    features,
    rules,
    file,
  } = card;
  const failed = gates.filter(({ passed }) => !passed);
  return [
    `${model}: ${verdict === 'passed' ? 'every gate was passed' : `refused by ${failed.map(({ gate }) => gate).join(', ')}`}`,
    `${counted(counts.examples, 'example')} (${count(counts.positives)} positive) of ${counted(counts.turns, 'turn')}, from ${counted(counts.reactions, EVIDENCE[purpose])} of ${counted(counts.reactors, 'user')}; learned from ${count(parts.fit.n)}, chosen by ${count(parts.tune.n)}, judged by ${count(parts.test.n)}`,
    `Left out: ${Object.entries(leftOut)
      .map(([why, turns]) => `${why} ${count(turns)}`)
      .join(
        ', ',
      )}, straddling ${count(parts.straddling)}; capped: in bursts ${count(capped.burst)}, beyond ${count(capped.mostOfUser)} of one user ${count(capped.user)}; negatives sampled ${count(sampling.negatives)} of ${count(sampling.ofNegatives)}`,
    `Reads ${READS[features.reading]}.`,
    figuresText(evaluation),
    ...(rules === undefined ? [] : [`${rulesText(rules)}\n${rules.why}`]),
    table(gates, [
      { title: 'gate', of: ({ gate }) => gate },
      { title: '', of: ({ passed }) => (passed ? 'passed' : 'refused') },
      { title: 'measured', of: ({ says }) => says, maxWidth: Infinity },
    ]),
    `sha256 ${file.sha256}`,
    verdict === 'passed'
      ? `Next: npx heed models ${model} live`
      : `Nothing goes live by it. More ${EVIDENCE[purpose]}s, of more users, tell more surely: the intervals are as wide as users are few.`,
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

/** A model of failed turns beside the rules by which sessions tell them, on the same turns. */
export function rulesText({ n, auroc, balancedAccuracy }: NonNullable<LaterFigures['rules']>): string {
  const rows = [
    ['AUROC', auroc],
    ['balanced accuracy', balancedAccuracy],
  ] as const;
  return table(rows, [
    { title: `beside the rules of sessions, on ${counted(n, 'turn')}`, of: ([title]) => title },
    { title: 'model', of: ([, { model }]) => figure(model), align: 'right' },
    { title: 'rules', of: ([, { rules }]) => figure(rules), align: 'right' },
    { title: 'above them', of: ([, { difference }]) => figure(difference), align: 'right' },
    { title: '95 %', of: ([, { interval }]) => `${figure(interval.low)} to ${figure(interval.high)}` },
  ]);
}

function figure(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}
