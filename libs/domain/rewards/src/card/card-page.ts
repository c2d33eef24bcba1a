import { escaped, figure, pairs, section, table, type Row } from './html.ts';
import { FIGURES, SEGMENT_FIGURES, type ModelCard } from './model-card.ts';
import { questionsSections } from './questions-page.ts';
import { binnedQuantile } from '../drift/quantile-bins.ts';
import { evidenceWords } from '../training-run/evidence-words.ts';
import { reliabilitySvg } from './reliability-svg.ts';

const FIGURE_NAMES: Readonly<Record<(typeof FIGURES)[number], string>> = {
  auroc: 'AUROC',
  prAuc: 'PR-AUC',
  logLoss: 'Log loss',
  baseLogLoss: 'Log loss of the base rate',
  ece: 'Expected calibration error',
  lengthAuroc: 'AUROC of the length alone',
  lengthCorrelation: 'Correlation with the length',
  overLength: 'AUROC above the length alone, or above chance',
  overBaseRate: 'Log loss below the base rate',
};

/** The card as a page that a person reads: one HTML file that loads nothing, runs nothing, and is light or dark as the reader has it. */
export function cardPage(card: ModelCard): string {
  const { evaluation, parts, counts, exposure, leftOut, capped, sampling, training, file, events } = card;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escaped(card.model)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    `<h1>${escaped(card.model)}</h1>`,
    `<p class="${card.verdict}">${card.verdict === 'passed' ? 'Every gate was passed: it may go live.' : 'Refused: it cannot go live.'} Trained ${escaped(card.trainedAt)} on ${counts.examples} turns of ${escaped(card.window.from)} to ${escaped(card.window.to)}.</p>`,
    section(
      'Gates',
      table(
        ['gate', '', 'what was measured'],
        card.gates.map(({ gate, passed, says }) => [gate, passed ? 'passed' : 'refused', says]),
      ),
    ),
    section(
      `How well it says what ${card.purpose === 'defect' ? 'failed' : 'is loved'}`,
      table(
        ['on the last turns in time', 'value', '95 % interval'],
        FIGURES.map((name) => {
          const { low, high } = evaluation.intervals[name];
          return [FIGURE_NAMES[name], figure(evaluation[name]), `${figure(low)} to ${figure(high)}`];
        }),
      ),
      `<p>On ${evaluation.n} turns, ${evaluation.positives} of them positive. Intervals by bootstrap over users.</p>`,
    ),
    ...rulesParts(card.rules),
    section('Whether it says what is seen', reliabilitySvg(evaluation.reliability)),
    section(
      'Segments',
      evaluation.segments.length === 0
        ? '<p>No segment has thirty cases of either class: none is judged.</p>'
        : table(
            [
              ...['by', 'segment', 'turns', 'positive', FIGURE_NAMES.auroc],
              ...SEGMENT_FIGURES.map((name) => FIGURE_NAMES[name]),
            ],
            evaluation.segments.map(({ by, name, n, positives, auroc, interval, figures }) => [
              ...[by, name, n, positives, withInterval(auroc, interval)],
              ...SEGMENT_FIGURES.map((of) =>
                figures === undefined ? '' : withInterval(figures[of].value, figures[of].interval),
              ),
            ]),
          ),
      evaluation.worstSegment === null ? '' : `<p>The worst is ${escaped(evaluation.worstSegment)}.</p>`,
    ),
    ...questionsSections(card.questions),
    section(
      'What it was made of',
      table(
        ['part', 'turns', 'positive', 'from', 'to'],
        [
          partRow('learned from', parts.fit),
          partRow('chosen and calibrated by', parts.tune),
          partRow('judged by', parts.test),
        ],
      ),
      pairs([
        ['Turns in the log', counts.turns],
        [`${capitalised(evidenceWords(card.purpose).many)} that count`, counts.reactions],
        ['Users who gave them', counts.reactors],
        ['Positive is', exposure.positive.join(', ')],
        [
          'Negative is',
          exposure.negative.length === 0
            ? 'a turn that a user who reacts did not react to in that way'
            : exposure.negative.join(', '),
        ],
        ['Left out: without an answer', leftOut.unanswered],
        ['Left out: too young to have been reacted to', leftOut.tooYoung],
        ['Left out: of users who never react', leftOut.ofNonReactors],
        ['Left out: other reactions', leftOut.otherReactions],
        ['Left out: as often positive as negative', leftOut.torn],
        ['Left out: reacted to beyond the caps alone', leftOut.capped],
        ['Left out: later turns of earlier sessions', parts.straddling],
        [`Capped: in bursts of more than ${exposure.burst} in ${exposure.burstMs} ms`, capped.burst],
        [
          'One user may have, and all together whom nobody names',
          `${capped.mostOfUser}: ${Number((100 * exposure.userShare).toPrecision(3))} % of all that count or what the user in the middle gave, ${exposure.userLeast} at least`,
        ],
        ['Capped: beyond what one user may have', capped.user],
        ['Users of whom some was capped', capped.users],
        ['Negatives sampled', `${sampling.negatives} of ${sampling.ofNegatives}`],
        ['Logits corrected by', sampling.correction.toFixed(4)],
      ]),
    ),
    section(
      'How it was made',
      pairs([
        [
          'Reads',
          card.features.reading === 'answer'
            ? 'the request, the answer and what was said before: nothing later'
            : 'the answer, and what the user said and did next',
        ],
        ['Features', card.features.version],
        ['Sentence encoder beside them', card.features.encoder?.version ?? 'none'],
        ['Seed', training.seed],
        ['Strength of the wide part', training.strength],
        [
          'Network',
          training.epoch === 0 ? 'none: the wide part alone did better' : `epoch ${training.epoch}`,
        ],
        ['Calibration', training.calibration],
        ['Heed', card.versions.heed],
        ['SHA-256 of the file', file.sha256],
        ['Bytes', file.bytes],
        ['Events behind it', events.count],
      ]),
    ),
    section('What turns were', ...referenceParts(card.reference)),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** What later turns are held against (`heed drift`): each number by the middle of the bins that its 10th, 50th and 90th hundredth fall into. */
function referenceParts(reference: ModelCard['reference']): readonly string[] {
  if (reference === undefined) return ['<p>An earlier Heed wrote this card: it does not say.</p>'];
  const { turns, numbers, kinds } = reference;
  return [
    `<p>Of ${turns} answered turns after those that it learned from; what comes later is held against them.</p>`,
    table(
      ['of each turn', '10 %', 'median', '90 %'],
      numbers.map((bins) => [
        bins.name,
        ...[0.1, 0.5, 0.9].map((share) => binnedQuantile(bins, share).toFixed(3)),
      ]),
    ),
    table(
      ['kinds of turns', 'how many of each'],
      kinds.map(({ name, kinds: own, others }) => [
        name,
        [
          ...own.map((one) => `${one.kind === '' ? 'not said' : one.kind} ${one.turns}`),
          ...(others === 0 ? [] : [`others ${others}`]),
        ].join(', '),
      ]),
    ),
  ];
}

/** A model of failed turns, beside the rules by which sessions tell them. */
function rulesParts(rules: ModelCard['rules']): readonly string[] {
  if (rules === undefined) return [];
  const row = (name: string, { model, rules: theirs, difference, interval }: typeof rules.auroc): Row => [
    ...[name, figure(model), figure(theirs), figure(difference)],
    `${figure(interval.low)} to ${figure(interval.high)}`,
  ];
  return [
    section(
      'Beside the rules of sessions',
      `<p>${escaped(rules.why)}</p>`,
      table(
        [`on ${rules.n} turns`, 'this model', 'the rules', 'above them', '95 % interval'],
        [row('AUROC', rules.auroc), row('balanced accuracy', rules.balancedAccuracy)],
      ),
    ),
  ];
}

function capitalised(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}

function withInterval(
  value: number | null,
  { low, high }: { readonly low: number | null; readonly high: number | null },
): string {
  return `${figure(value)} (${figure(low)} to ${figure(high)})`;
}

function partRow(what: string, { n, positives, from, to }: ModelCard['parts']['fit']): Row {
  return [what, n, positives, from, to];
}

const STYLE = `
:root { color-scheme: light dark; --line: #8886; --good: light-dark(#176b2c, #7fd694); --bad: light-dark(#a11, #ff9a8a); --ink: light-dark(#1b4f9c, #8fb8ff); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.passed { color: var(--good); } .refused { color: var(--bad); }
svg { max-width: 26rem; } svg text { font-size: 11px; fill: currentColor; }
.frame { fill: none; stroke: var(--line); } .ideal { stroke: var(--line); stroke-dasharray: 4; }
polyline, .move { fill: none; stroke: var(--ink); } circle { fill: var(--ink); } .without { fill: var(--bad); }
`;
