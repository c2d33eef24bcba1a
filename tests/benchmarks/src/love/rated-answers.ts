import { z } from 'zod';
import { jsonOf, linesOf } from './data-file.ts';
import { answered, type JudgedAnswer } from './judged-answer.ts';

const dialogues = z.array(
  z.object({
    start_time: z.string(),
    dialog: z.array(
      z.object({
        sender_class: z.enum(['Bot', 'Human']),
        text: z.string(),
        evaluation_score: z.number().nullish(),
      }),
    ),
  }),
);

/** ConvAI2 "in the wild": answers of bots that people gave a thumb up or down, in the order in which their dialogues began. */
export async function convai2(data: string): Promise<readonly JudgedAnswer[]> {
  const files = ['data_volunteers.json.gz', 'data_intermediate.json'];
  const all = await Promise.all(files.map((file) => jsonOf(data, `convai2_wild/${file}`, dialogues)));
  const inOrder = all.flat().sort((a, b) => (a.start_time < b.start_time ? -1 : 1));
  return inOrder.flatMap(({ dialog }, n) =>
    dialog.flatMap(({ sender_class: sender, text, evaluation_score: score }, at): JudgedAnswer[] => {
      if (sender !== 'Bot' || (score !== 0 && score !== 1)) return [];
      const before = dialog.slice(0, at);
      const last = (role: 'Bot' | 'Human'): string =>
        before.findLast((said) => said.sender_class === role)?.text ?? '';
      return [{ turn: answered(last('Human'), text, last('Bot')), label: score, group: `dialogue ${n}` }];
    }),
  );
}

const RATINGS = ['Bad', 'Could be Improved', 'Acceptable', 'Excellent'] as const;
const ratedAnswer = z.object({
  question: z.string(),
  answer: z.string(),
  rating: z.array(z.enum(RATINGS)).nonempty(),
});
const FEEDBACK_QA = [
  ...['Australia_feedback_test', 'Australia_feedback_valid', 'CDC_feedback_test', 'CDC_feedback_valid'],
  ...[
    'UK_feedback_test',
    'UK_feedback_valid',
    'WHO_feedback_test',
    'WHO_feedback_train',
    'WHO_feedback_valid',
  ],
];

/** FeedbackQA: passages that answer questions on Covid-19; 1 where raters found them acceptable or better on the mean. */
export async function feedbackQa(data: string): Promise<readonly JudgedAnswer[]> {
  const files = FEEDBACK_QA.map((name) => linesOf(data, `feedbackqa/${name}.jsonl.gz`, ratedAnswer));
  return (await Promise.all(files)).flat().map(({ question, answer, rating }) => {
    const mean = rating.reduce((sum, name) => sum + RATINGS.indexOf(name), 0) / rating.length;
    return { turn: answered(question, answer), label: mean >= 2 ? 1 : 0, group: question };
  });
}

const markedAnswers = z.array(
  z.object({
    question: z.string(),
    'prediction 1': z.string(),
    feedback: z.object({ errors: z.array(z.object({ start: z.number(), end: z.number() })) }),
  }),
);
/** A sentence with the space after it. */
const SENTENCE = /[^.!?]+[.!?]*\s*/gu;

/** Fine-grained QA feedback: each sentence of an answer, 1 where a rater marked an error in it; what was said before it is the answer before. */
export async function fineGrainedQa(data: string): Promise<readonly JudgedAnswer[]> {
  const answers = await jsonOf(data, 'finegrained_rlhf_qa/dev_feedback.json.gz', markedAnswers);
  return answers.flatMap(({ question, 'prediction 1': text, feedback: { errors } }, n) =>
    [...text.matchAll(SENTENCE)]
      .filter(([sentence]) => sentence.trim() !== '')
      .map(({ 0: sentence, index }): JudgedAnswer => {
        const hasError = errors.some(({ start, end }) => start < index + sentence.length && end > index);
        const turn = answered(question, sentence.trim(), text.slice(0, index));
        return { turn, label: hasError ? 1 : 0, group: `answer ${n}` };
      }),
  );
}
