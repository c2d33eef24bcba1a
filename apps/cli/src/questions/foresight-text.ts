import type { ForesightAnswer } from '@heed/rewards';
import { count, counted } from '../output/numbers.ts';
import { table, type Column } from '../output/table.ts';

type Predicted = NonNullable<ForesightAnswer['candidates']>[number];

const predicted: readonly Column<Predicted>[] = [
  { title: 'policy', of: ({ policy }) => policy },
  { title: 'predicted', of: (one) => one.predicted.toFixed(3), align: 'right' },
  {
    title: '95 % by prompts',
    of: ({ interval }) =>
      interval === undefined ? '-' : `${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`,
  },
];

export function foresightText(answer: ForesightAnswer): string {
  const { candidates = [] } = answer;
  const untried =
    candidates.length === 0
      ? []
      : [`Predicted alone, without an observed rate:\n${table(candidates, predicted)}`];
  if (!answer.answered) return [answer.why, ...untried].join('\n\n');
  const { policies, prompts, leftOut, says } = answer;
  return [
    table(policies, [
      ...predicted,
      { title: 'observed', of: ({ observed }) => observed.toFixed(3), align: 'right' },
      { title: 'rated answers', of: ({ examples }) => count(examples), align: 'right' },
    ]),
    ...(prompts === 0 ? [] : [`Predicted on ${counted(prompts, 'prompt')} that all of them answered.`]),
    ...(leftOut.length === 0 ? [] : [`Left out, with too few rated answers: ${leftOut.join(', ')}.`]),
    ...untried,
    says,
  ].join('\n\n');
}
