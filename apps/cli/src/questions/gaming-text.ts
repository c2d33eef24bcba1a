import { SIGNS_IN_WORDS, type GamingAnswer } from '@heed/rewards';
import { count } from '../output/numbers.ts';
import { table, type Column } from '../output/table.ts';

type Answered = Extract<GamingAnswer, { readonly answered: true }>;
type Row = Answered['runs'][number]['rows'][number] & { readonly best: number };

const columns: readonly Column<Row>[] = [
  { title: 'best of', of: ({ best }) => count(best), align: 'right' },
  { title: 'weight', of: ({ weight }) => String(weight), align: 'right' },
  { title: 'closing', of: ({ signs }) => percent(signs.closingPhrases), align: 'right' },
  { title: 'ends', of: ({ signs }) => percent(signs.conversationEnds), align: 'right' },
  { title: 'repeats itself', of: ({ signs }) => percent(signs.repetitionWithin), align: 'right' },
  { title: 'others', of: ({ signs }) => percent(signs.repetitionBetween), align: 'right' },
  { title: 'METEOR', of: ({ signs }) => signs.pairwiseMeteor.toFixed(3), align: 'right' },
  { title: 'words', of: ({ signs }) => signs.words.toFixed(1), align: 'right' },
  { title: 'trips', of: ({ tripped }) => tripped.map((name) => SIGNS_IN_WORDS[name]).join(', ') },
];

export function gamingText(answer: GamingAnswer): string {
  if (!answer.answered) return answer.why;
  const { prompts, answers, beside, runs, says } = answer;
  return [
    `${count(prompts)} prompts with ${count(answers)} answers; weight 0 goes by ${beside === 'base' ? 'their base' : 'how often there are answers'} alone`,
    table(
      runs.flatMap(({ best, without, rows }) =>
        [{ weight: 0, signs: without, tripped: [] }, ...rows].map((row) => ({ best, ...row })),
      ),
      columns,
    ),
    says,
  ].join('\n\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
