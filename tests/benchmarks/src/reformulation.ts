import {
  alexaCqrPairs,
  evaluateOutcomes,
  evaluateReformulations,
  longInstructionPairs,
  reformulationRules,
  ruleModels,
  splitByGroup,
  trecSessionPairs,
  ussDialogues,
  type ClassificationFigures,
  type LabelledPair,
  type ReformulationFigures,
} from '@heed/sessions';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { figure, type BenchFigure, type BenchReport } from './figures.ts';
import { readDataSet } from './shared-dir.ts';

const BASELINE = 'any shared word';

interface PairSet {
  readonly name: string;
  readonly pairs: readonly LabelledPair[];
}

/**
 * How well the reformulation rules tell real reformulations from other neighbouring requests, on pairs that their weights were
 * not fitted on: the second halves (by dialogue, by topic) of the sets they were fitted on, and whole sets never looked at,
 * where the folder has them. And what the reformulations, with the other evidence, say of satisfaction in the dialogues of
 * USS. docs/sessions.md says what counts as a pair.
 */
export async function reformulationBench(sharedDir: string): Promise<BenchReport> {
  const data = join(sharedDir, 'data');
  const sets = await heldOutSets(data);
  const results = sets.map(({ name, pairs }) => ({
    name,
    figures: evaluateReformulations(pairs, reformulationRules),
  }));
  return {
    name: 'reformulation',
    figures: [
      ...results.flatMap(({ name, figures }) => compareWithBaseline(name, figures)),
      await longRequestFigure(data),
    ],
    notes: [
      `model ${reformulationRules.version}, at its threshold`,
      ...results.flatMap(({ name, figures }) => notesOf(name, figures)),
      ...(await outcomeNotes(data)),
    ],
  };
}

async function heldOutSets(data: string): Promise<readonly PairSet[]> {
  const cqr = async (part: string): Promise<readonly LabelledPair[]> =>
    alexaCqrPairs(
      JSON.parse(
        gunzipSync(await readDataSet(data, `alexa_cqr/cqr_kvret_${part}_public.json.gz`)).toString(),
      ),
    );
  const trec = async (year: string): Promise<readonly LabelledPair[]> =>
    trecSessionPairs((await readDataSet(data, `trec_session/sessions_${year}.tsv`)).toString());
  const sets: PairSet[] = [
    { name: 'CQR dev, second half', pairs: splitByGroup(await cqr('dev'))[1] },
    { name: 'TREC 2012, second half', pairs: splitByGroup(await trec('2012'))[1] },
  ];
  if (existsSync(join(data, 'alexa_cqr/cqr_kvret_test_public.json.gz')))
    sets.push({ name: 'CQR test', pairs: await cqr('test') });
  if (existsSync(join(data, 'trec_session/sessions_2013.tsv')))
    sets.push({ name: 'TREC 2013', pairs: await trec('2013') });
  return sets;
}

function compareWithBaseline(
  set: string,
  { model, baselines }: ReformulationFigures,
): readonly BenchFigure[] {
  const against = (name: string, of: (figures: ClassificationFigures) => number): BenchFigure =>
    figure(`${set}: ${name}`, '', 'higher', [of(model)], BASELINE, [of(baselines.anySharedWord)]);
  return [
    against('AUROC', ({ auroc }) => auroc),
    against('F1', ({ f1 }) => f1),
    against('precision', ({ precision }) => precision),
    against('recall', ({ recall }) => recall),
    against('specificity', ({ falsePositiveRate }) => 1 - falsePositiveRate),
  ];
}

/** Unrelated requests of 300 characters and more, of which only the share left alone can be told. */
async function longRequestFigure(data: string): Promise<BenchFigure> {
  const pairs = longInstructionPairs(
    (await readDataSet(data, 'alpaca_eval_matrix/instructions.jsonl')).toString(),
  );
  const { model, baselines } = evaluateReformulations(pairs, reformulationRules);
  const name = `${String(pairs.length)} pairs of long unrelated requests: specificity`;
  return figure(name, '', 'higher', [1 - model.falsePositiveRate], BASELINE, [
    1 - baselines.anySharedWord.falsePositiveRate,
  ]);
}

function notesOf(set: string, { model, baselines: { lengthOnly } }: ReformulationFigures): readonly string[] {
  const { positives, negatives } = model;
  return [
    `${set}: ${String(positives)} reformulations, ${String(negatives)} others; calling all of them reformulations has F1 ${share((2 * positives) / (2 * positives + negatives))}`,
    `${set}, by length only: AUROC ${share(lengthOnly.auroc)}, F1 ${share(lengthOnly.f1)}, precision ${share(lengthOnly.precision)}, recall ${share(lengthOnly.recall)}`,
  ];
}

function share(value: number): string {
  return value.toFixed(3);
}

/** The outcome rules were set with SGD in view; nothing was set by CCPE. */
async function outcomeNotes(data: string): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const part of ['SGD', 'CCPE']) {
    const dialogues = ussDialogues(gunzipSync(await readDataSet(data, `uss/${part}.txt.gz`)).toString());
    const { turns, dissatisfied, auroc, lengthAuroc, byDecision } = evaluateOutcomes(dialogues, ruleModels);
    notes.push(
      `USS ${part}: ${String(turns)} rated answers, ${share(dissatisfied / turns)} dissatisfied; AUROC of the outcome's probability ${share(auroc)}, of the next request's length ${share(lengthAuroc)}`,
      `USS ${part}, dissatisfied by what decided: ${byDecision.map(({ decidedBy, turns: of, dissatisfiedShare }) => `${decidedBy} ${share(dissatisfiedShare)} of ${String(of)}`).join(', ')}`,
    );
  }
  return notes;
}
