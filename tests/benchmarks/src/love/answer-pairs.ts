import { z } from 'zod';
import { jsonOf, linesOf } from './data-file.ts';
import { answered, type JudgedAnswer } from './judged-answer.ts';

const LABELS = { chosen: 1, rejected: 0 } as const;
const harmlessPair = z.object({ chosen: z.string(), rejected: z.string() });

/** Anthropic's HH, harmless base: two answers to one request, 1 for the one that a person chose. */
export async function harmlessPairs(data: string): Promise<readonly JudgedAnswer[]> {
  const pairs = await linesOf(data, 'hh_rlhf_harmless_test/harmless_base_test.jsonl.gz', harmlessPair);
  return pairs.flatMap((pair, n) =>
    (['chosen', 'rejected'] as const).map((side) => {
      const said = pair[side].split('\n\nAssistant:');
      const before = said.slice(0, -1).join('\n\nAssistant:');
      const request = before.split('\n\nHuman:').at(-1)?.trim() ?? '';
      const turn = answered(request, said.at(-1)?.trim() ?? '');
      return { turn, label: LABELS[side], group: request, pair: `pair ${n}` };
    }),
  );
}

const vote = z.int().min(0).max(2);
/** Answers of one word came to be booleans when the set was published. */
const answerText = z.union([z.string(), z.boolean().transform((value) => (value ? 'True' : 'False'))]);
const comparisons = z.array(
  z.object({
    ...{ idx: z.number(), instruction: z.string(), input: z.string() },
    ...{ response1: answerText, response2: answerText },
    ...{ annotator1: vote, annotator2: vote, annotator3: vote },
  }),
);

/** PandaLM's test set: two answers to one instruction, 1 for the one that most of three people preferred; ties are left out. */
export async function pandaLmPairs(data: string): Promise<readonly JudgedAnswer[]> {
  const all = await jsonOf(data, 'pandalm_testset/testset-v1.json', comparisons);
  return all.flatMap(({ idx, instruction, input, response1, response2, ...votes }): JudgedAnswer[] => {
    const preferred = preferredBy([votes.annotator1, votes.annotator2, votes.annotator3]);
    if (preferred === undefined) return [];
    return [response1, response2].map((response, n) => ({
      turn: answered(`${instruction} ${input}`.trim(), response),
      label: preferred === n + 1 ? 1 : 0,
      group: instruction,
      pair: `pair ${idx}`,
    }));
  });
}

/** 1 or 2; undefined where the votes do not say. */
function preferredBy(votes: readonly number[]): number | undefined {
  const votesFor = (answer: number): number => votes.filter((own) => own === answer).length;
  return [1, 2].find((answer) => votesFor(answer) > votes.length / 2);
}
