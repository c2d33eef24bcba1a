import type { ModelView } from '@heed/contract';
import { table, type Column } from '../output/table.ts';

const listColumns: readonly Column<ModelView>[] = [
  { title: 'model', of: ({ model }) => model },
  { title: 'name', of: ({ name }) => name },
  { title: 'for', of: ({ purpose }) => purpose },
  { title: 'status', of: statusOf },
  { title: 'trained', of: ({ trainedAt }) => trainedAt },
  { title: 'gates', of: gatesOf, maxWidth: 48 },
];

type Gate = ModelView['gates'][number];
const gateColumns: readonly Column<Gate>[] = [
  { title: 'gate', of: ({ gate }) => gate },
  { title: '', of: ({ passed }) => (passed ? 'passed' : 'NOT PASSED') },
  { title: 'says', of: ({ says }) => says, maxWidth: Infinity },
];

const SHOWN_EVENTS = 5;

export function modelListText(models: readonly ModelView[]): string {
  return models.length === 0
    ? 'No reward models yet: `heed train love` or `heed train defect` makes one.'
    : table(models, listColumns);
}

/** One model: what its gates said, and what became of it. */
export function modelText(view: ModelView): string {
  const { model, name, purpose, version, featuresVersion, trainedAt, card, gates, stale, history } = view;
  const { besideRules } = view;
  const facts = [
    `name        ${name}, a ${purpose} model`,
    `trained     ${trainedAt}, on features ${featuresVersion}`,
    `file        sha256 ${version}`,
    `card        sha256 ${card}`,
    ...(besideRules === undefined
      ? []
      : [
          `sessions    by ${besideRules.replacesRules ? 'it while it is live' : 'the rules'}: ${besideRules.why}`,
        ]),
  ].join('\n');
  const historyText = history
    .map(
      (step) =>
        `  ${step.at}  ${(step.stale ? 'stale' : step.status).padEnd(10)}  ${step.who}${step.why === '' ? '' : `: ${step.why}`}`,
    )
    .join('\n');
  return [
    `${model}  ${statusOf(view)}`,
    ...(stale === null ? [] : [staleText(stale)]),
    facts,
    table(gates, gateColumns),
    `history\n${historyText}`,
  ].join('\n\n');
}

function staleText({ because, why, events = [], figures = [] }: NonNullable<ModelView['stale']>): string {
  const named = [
    ...events.slice(0, SHOWN_EVENTS),
    ...figures.map(({ of, measured, bound }) => `${of} ${measured.toFixed(3)}, at most ${bound.toFixed(3)}`),
  ].join(', ');
  const more =
    events.length > SHOWN_EVENTS ? ` and ${events.length - SHOWN_EVENTS} more (--json has all)` : '';
  return [
    `stale       ${because}: ${why}`,
    ...(named === '' ? [] : [`            ${named}${more}`]),
    '            another training helps; until one is live, this one is served where it was live',
  ].join('\n');
}

/** A stale model that is live is served as before. */
function statusOf({ status, stale }: ModelView): string {
  return stale === null ? status : `${status}, stale`;
}

function gatesOf({ gates }: ModelView): string {
  const failed = gates.filter(({ passed }) => !passed).map(({ gate }) => gate);
  return failed.length === 0 ? 'all passed' : `not passed: ${failed.join(', ')}`;
}
