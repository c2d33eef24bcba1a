import type { AdversariesAnswer } from '@heed/rewards';
import { counted } from '../output/numbers.ts';
import { table, type Column } from '../output/table.ts';

type Answered = Extract<AdversariesAnswer, { readonly answered: true }>;
type Row = Pick<Answered['rows'][number], 'capped' | 'uncapped'> & { readonly who: string };
type Figure = keyof Answered['honest']['capped'];

export function adversariesText(answer: AdversariesAnswer): string {
  if (!answer.answered) return answer.why;
  const { target, turns, users, judgedOn, honest, rows } = answer;
  return [
    `Adversaries love ${target}. Learned again from ${counted(turns, 'turn')} of ${counted(users, 'user')}, judged on ${counted(judgedOn, 'later turn')}.`,
    table(
      [
        { who: 'nobody', ...honest },
        ...rows.map(({ share, adversaries, ...figures }) => ({
          who: `${Number((100 * share).toPrecision(3))} % of users: ${adversaries}`,
          ...figures,
        })),
      ],
      [
        { title: 'adversaries', of: ({ who }) => who },
        ...columns('score of what they love', 'targetScore'),
        ...columns('AUROC', 'auroc'),
      ],
    ),
  ].join('\n\n');
}

function columns(title: string, name: Figure): readonly Column<Row>[] {
  return [
    { title: `${title}, with the caps`, of: ({ capped }) => figure(capped[name]), align: 'right' },
    { title: 'without', of: ({ uncapped }) => figure(uncapped[name]), align: 'right' },
  ];
}

function figure(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(3);
}
