import type { Reading } from '@heed/rewards';
import { harmlessPairs, pandaLmPairs } from './answer-pairs.ts';
import type { JudgedAnswer } from './judged-answer.ts';
import { convai2, feedbackQa, fineGrainedQa } from './rated-answers.ts';
import { across, foldsByGroup, laterPart, type Round } from './rounds.ts';
import { simulatedTenant } from './simulated-tenant.ts';
import { ussAnswers } from './uss-answers.ts';

export interface Trial {
  readonly name: string;
  readonly rounds: readonly Round[];
}

/** Judged answers, and the ways in which models are tried on them. */
export interface DataSet {
  readonly reading: Reading;
  readonly answers: readonly JudgedAnswer[];
  readonly trials: readonly Trial[];
}

/** By the names that `--only` takes; each is loaded when it is asked for. */
export const DATA_SETS: Readonly<Record<string, (data: string) => DataSet | Promise<DataSet>>> = {
  simulated: () => byGroup('a simulated tenant', simulatedTenant()),
  convai2: async (data) => {
    const answers = await convai2(data);
    const trials = [
      { name: 'ConvAI2 thumbs, by dialogue', rounds: foldsByGroup(answers) },
      { name: 'ConvAI2 thumbs, the last 30 % in time', rounds: laterPart(answers) },
    ];
    return { reading: 'answer', answers, trials };
  },
  feedbackqa: async (data) => byGroup('FeedbackQA, acceptable', await feedbackQa(data)),
  finegrained: async (data) => byGroup('fine-grained QA, sentence has an error', await fineGrainedQa(data)),
  hh: async (data) => byGroup('HH harmless, pairs', await harmlessPairs(data)),
  pandalm: async (data) => byGroup('PandaLM, pairs', await pandaLmPairs(data)),
  'uss-answer': async (data) =>
    byGroup('USS SGD, dissatisfied, the answer alone', await ussAnswers(data, 'SGD')),
  uss: async (data) => {
    const sgd = await ussAnswers(data, 'SGD');
    const ccpe = await ussAnswers(data, 'CCPE');
    const answers = [...sgd, ...ccpe];
    const shifted = foldsByGroup(ccpe).map(({ fit, tune, test }) => {
      const by = (places: readonly number[]): readonly number[] => places.map((place) => sgd.length + place);
      return { fit: by(fit), tune: by(tune), test: by(test) };
    });
    const trials = [
      { name: 'USS SGD, dissatisfied, with what came next', rounds: foldsByGroup(sgd) },
      { name: 'USS CCPE, dissatisfied, with what came next', rounds: shifted },
      { name: 'USS learned on SGD, tried on CCPE', rounds: across(answers, sgd.length, 'first') },
      { name: 'USS learned on CCPE, tried on SGD', rounds: across(answers, sgd.length, 'second') },
    ];
    return { reading: 'aftermath', answers, trials };
  },
};

function byGroup(name: string, answers: readonly JudgedAnswer[]): DataSet {
  return { reading: 'answer', answers, trials: [{ name, rounds: foldsByGroup(answers) }] };
}
