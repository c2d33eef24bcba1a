import type { ObjectivesAnswer } from '@heed/rewards';
import { counted } from '../output/numbers.ts';
import { table, type Column } from '../output/table.ts';

type Row = ObjectivesAnswer['rows'][number] & { readonly at: number };

/** Rows are counted from 1, in the order in which their weights were asked for. */
export function objectivesText({ prompts, beta, constraints, rows }: ObjectivesAnswer): string {
  const names = Object.keys(rows[0]?.expected ?? {});
  const dropped = constraints.map(({ objective, atLeast }) => `${objective} of less than ${atLeast}`);
  const columns: readonly Column<Row>[] = [
    { title: 'row', of: ({ at }) => String(at), align: 'right' },
    {
      title: 'weights',
      of: ({ weights }) =>
        Object.entries(weights)
          .map(([name, weight]) => `${name}=${weight}`)
          .join(','),
    },
    ...names.map((name): Column<Row> => ({
      title: name,
      of: ({ expected }) => expected[name]?.toFixed(3) ?? '-',
      align: 'right',
    })),
    { title: 'KL, nats', of: ({ kl }) => kl.toFixed(3), align: 'right' },
    { title: 'beaten by', of: ({ dominatedBy }) => dominatedBy.map((row) => row + 1).join(', ') },
  ];
  return [
    `What policies give on ${counted(prompts, 'prompt')}, a nat of distance from the current one costing ${beta}${dropped.length === 0 ? '' : `; dropped: ${dropped.join(', ')}`}`,
    table(
      rows.map((row, n) => ({ ...row, at: n + 1 })),
      columns,
    ),
    'A row that another beats gives no more of anything, and less of something.',
  ].join('\n\n');
}
