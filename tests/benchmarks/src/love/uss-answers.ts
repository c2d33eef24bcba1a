import { ussDialogues } from '@heed/sessions';
import { textOf } from './data-file.ts';
import { answered, type JudgedAnswer } from './judged-answer.ts';

/** An answer with the mean of the raters' satisfaction with it, 1 to 5. */
export interface RatedAnswer extends Pick<JudgedAnswer, 'turn' | 'group'> {
  readonly satisfaction: number;
}

/** USS: answers in task dialogues, 1 where raters were dissatisfied: below 3 of 5 on the mean. The user's next words are the aftermath. */
export async function ussAnswers(data: string, part: 'SGD' | 'CCPE'): Promise<readonly JudgedAnswer[]> {
  const rated = await ussRatings(data, part);
  return rated.map(({ satisfaction, ...answer }) => ({ ...answer, label: satisfaction < 3 ? 1 : 0 }));
}

/** The same answers as they were rated. */
export async function ussRatings(data: string, part: 'SGD' | 'CCPE'): Promise<readonly RatedAnswer[]> {
  return ussDialogues(await textOf(data, `uss/${part}.txt.gz`)).flatMap((turns, n) =>
    turns.flatMap(({ request, response, satisfaction }, at): RatedAnswer[] => {
      if (response === undefined || satisfaction === undefined) return [];
      const turn = answered(request, response, turns[at - 1]?.response, turns[at + 1]?.request ?? '');
      return [{ turn, satisfaction, group: `${part} ${n}` }];
    }),
  );
}
