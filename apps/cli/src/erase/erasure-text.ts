import type { ErasureReport, ErasureView } from '@heed/contract';
import { counted } from '../output/numbers.ts';
import { table, type Column } from '../output/table.ts';

const columns: readonly Column<ErasureView>[] = [
  { title: 'erasure', of: ({ id }) => id, maxWidth: 43 },
  { title: 'asked', of: ({ upTo }) => upTo.slice(0, 16) },
  { title: 'state', of: ({ state }) => state },
  { title: 'what', of: whatOf, maxWidth: 300 },
];

export function erasureListText(erasures: readonly ErasureView[]): string {
  if (erasures.length === 0) return 'No erasures: nobody was forgotten.';
  return [table(erasures, columns), ...erasures.flatMap(troubleText).slice(0, 1)].join('\n\n');
}

/** The same of each that fails, so it is told once. */
function troubleText({ failure }: ErasureView): readonly string[] {
  return failure === null ? [] : [`failing: ${failure.meanwhile}\n${failure.do}`];
}

export function erasureText(report: ErasureReport): string {
  return [
    goneText(report),
    ...staleText('fixes', report.fixesMarkedStale),
    ...staleText('models', report.modelsMarkedStale),
  ].join('\n');
}

function whatOf({ tries, failure, report }: ErasureView): string {
  if (report !== null) return goneText(report);
  if (failure === null) return 'carried out when the warehouse has read all that was sent before';
  return `tried ${counted(tries, 'time')}, again at ${failure.again.slice(0, 19)}Z: ${failure.why}`;
}

function goneText({ events, sessions, labels }: ErasureReport): string {
  return `${counted(events, 'event')} erased, ${counted(sessions, 'session')} derived again, ${counted(labels, 'label')} gone`;
}

function staleText(what: string, ids: readonly string[]): readonly string[] {
  return ids.length === 0 ? [] : [`stale ${what}: ${ids.join(', ')}`];
}
