import { ussDialogues } from '@heed/sessions';
import { textOf } from './data-file.ts';
import { answered, type JudgedAnswer } from './judged-answer.ts';

/** USS: answers in task dialogues, 1 where raters were dissatisfied: below 3 of 5 on the mean. The user's next words are the aftermath. */
export async function ussAnswers(data: string, part: 'SGD' | 'CCPE'): Promise<readonly JudgedAnswer[]> {
  return ussDialogues(await textOf(data, `uss/${part}.txt.gz`)).flatMap((turns, n) =>
    turns.flatMap(({ request, response, satisfaction }, at): JudgedAnswer[] => {
      if (response === undefined || satisfaction === undefined) return [];
      const turn = answered(request, response, turns[at - 1]?.response, turns[at + 1]?.request ?? '');
      return [{ turn, label: satisfaction < 3 ? 1 : 0, group: `${part} ${n}` }];
    }),
  );
}
