import type { ModelDrift } from '@heed/rewards';
import { counted } from '../output/numbers.ts';
import { table, type Column } from '../output/table.ts';

type Row = ModelDrift['rows'][number];

const SHOWN_ROWS = 10;

const columns: readonly Column<Row>[] = [
  { title: 'what moved most', of: ({ name }) => name },
  { title: 'stability index', of: ({ stability }) => stability.toFixed(3), align: 'right' },
  { title: 'beyond chance', of: ({ beyondChance }) => beyondChance.toFixed(3), align: 'right' },
  { title: 'Jensen-Shannon, bits', of: ({ jensenShannon }) => jensenShannon.toFixed(3), align: 'right' },
  { title: '', of: ({ isStale }) => (isStale ? 'STALE' : '') },
];

export function driftText(drift: ModelDrift): string {
  const { model, turns, since, rows, bound, says, takenBack, stale } = drift;
  const more = rows.length > SHOWN_ROWS ? `; --json has the other ${rows.length - SHOWN_ROWS}` : '';
  return [
    `${model}: ${counted(turns, 'answered turn')} after ${since}, the end of what it was trained on`,
    ...(rows.length === 0
      ? []
      : [`${table(rows.slice(0, SHOWN_ROWS), columns)}\nStale above ${bound} beyond chance${more}.`]),
    says,
    takenBack.says,
    stale === null
      ? 'It is not stale.'
      : `It is stale since ${stale.at} (${stale.because}: ${stale.why}). It is served where it is live, until another takes its place: \`heed train\`, then \`heed models ID live\`.`,
  ].join('\n\n');
}
