import { FIGURES, type ModelCard } from './model-card.ts';
import { reliabilitySvg } from './reliability-svg.ts';

/** A cell, or a row of them. Everything in it is text, and is escaped. */
type Row = readonly (string | number | null)[];

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
      'How well it says what is loved',
      table(
        ['on the last turns in time', 'value', '95 % interval'],
        FIGURES.map((name) => {
          const { low, high } = evaluation.intervals[name];
          return [FIGURE_NAMES[name], figure(evaluation[name]), `${figure(low)} to ${figure(high)}`];
        }),
      ),
      `<p>On ${evaluation.n} turns, ${evaluation.positives} of them positive. Intervals by bootstrap over users.</p>`,
    ),
    section('Whether it says what is seen', reliabilitySvg(evaluation.reliability)),
    section(
      'Segments',
      evaluation.segments.length === 0
        ? '<p>No segment has thirty cases of either class: none is judged.</p>'
        : table(
            ['by', 'segment', 'turns', 'positive', 'AUROC', '95 % interval'],
            evaluation.segments.map(({ by, name, n, positives, auroc, interval }) => [
              by,
              name,
              n,
              positives,
              figure(auroc),
              `${figure(interval.low)} to ${figure(interval.high)}`,
            ]),
          ),
      evaluation.worstSegment === null ? '' : `<p>The worst is ${escaped(evaluation.worstSegment)}.</p>`,
    ),
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
        ['Reactions that count', counts.reactions],
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
        [`Capped: beyond ${capped.mostOfUser} of one user, or of all whom nobody names`, capped.user],
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
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function partRow(what: string, { n, positives, from, to }: ModelCard['parts']['fit']): Row {
  return [what, n, positives, from, to];
}

function section(title: string, ...content: readonly string[]): string {
  return `<section><h2>${escaped(title)}</h2>\n${content.filter((one) => one !== '').join('\n')}\n</section>`;
}

function table(head: readonly string[], rows: readonly Row[]): string {
  const cells = (row: Row, tag: 'th' | 'td'): string =>
    row.map((cell) => `<${tag}>${escaped(String(cell ?? ''))}</${tag}>`).join('');
  return `<table><thead><tr>${cells(head, 'th')}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n')}</tbody></table>`;
}

function pairs(rows: readonly Row[]): string {
  return table(['', ''], rows);
}

function figure(value: number | null): string {
  return value === null ? 'cannot be told' : value.toFixed(3);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (unit) => ENTITIES[unit] ?? '');
}

const STYLE = `
:root { color-scheme: light dark; --line: #8886; --good: light-dark(#176b2c, #7fd694); --bad: light-dark(#a11, #ff9a8a); --ink: light-dark(#1b4f9c, #8fb8ff); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.passed { color: var(--good); } .refused { color: var(--bad); }
svg { max-width: 26rem; } svg text { font-size: 11px; fill: currentColor; }
.frame { fill: none; stroke: var(--line); } .ideal { stroke: var(--line); stroke-dasharray: 4; }
polyline { fill: none; stroke: var(--ink); } circle { fill: var(--ink); }
`;
