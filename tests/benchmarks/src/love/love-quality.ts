import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OnnxSentenceEncoder } from '@heed/onnx';
import { FeatureReader, readWithEncoder } from '@heed/rewards';
import { figure, type BenchFigure, type BenchReport } from '../figures.ts';
import { DATA_SETS, type DataSet } from './data-sets.ts';
import { readOptions } from './options.ts';
import { ownScores } from './own-scores.ts';
import { qualityTable, type Tried } from './quality-table.ts';
import { qualityOf } from './quality-of.ts';
import { SATISFACTION_CLASSES, satisfactionClasses } from './satisfaction-classes.ts';
import { referencePython, referenceScores } from './reference-scores.ts';

const ENCODER = ['models', 'all-minilm-l6-v2'];
const REFERENCE = 'TF-IDF and logistic regression, scikit-learn';

/**
 * How well the reward models find what people loved, or where an answer failed, on real judged answers that a model was not trained on: native features, the same with a sentence
 * encoder, scikit-learn on the same answers in the same run, and the answer's length alone.
 */
export async function loveQualityBench(args: readonly string[], sharedDir: string): Promise<BenchReport> {
  const options = readOptions(args);
  const reference = referencePython();
  const python = 'python' in reference ? reference.python : undefined;
  const { encoder, about } = await openEncoder(options.encoder, sharedDir);
  const tried: Tried[] = [];
  try {
    for (const name of options.sets) {
      if (name === SATISFACTION_CLASSES) {
        tried.push(...(await satisfactionClasses(join(sharedDir, 'data'), python, progressOf(name))));
        continue;
      }
      const set = await DATA_SETS[name]?.(join(sharedDir, 'data'));
      if (set !== undefined) tried.push(...(await tryOn(name, set, encoder, python)));
    }
  } finally {
    await encoder?.close();
  }
  return {
    name: 'love-quality',
    figures: tried.flatMap(figuresOf),
    notes: [
      ...qualityTable(tried),
      about,
      ...(encoder === undefined ? [] : [`${encoder.cut} texts were longer than the encoder reads`]),
      ...('problem' in reference ? [reference.problem] : []),
    ],
  };
}

async function openEncoder(
  named: string | undefined,
  sharedDir: string,
): Promise<{ readonly encoder?: OnnxSentenceEncoder; readonly about: string }> {
  const directory = named ?? join(sharedDir, ...ENCODER);
  if (named === 'none') return { about: 'no encoder, as was asked for' };
  if (named === undefined && !existsSync(directory))
    return { about: `no encoder: there is no ${ENCODER.join('/')} beside the data; name one with --encoder` };
  const encoder = await OnnxSentenceEncoder.open(directory);
  return { encoder, about: `encoder ${encoder.version}` };
}

function progressOf(set: string): (step: string) => void {
  return (step) => void process.stderr.write(`${set}: ${step}\n`);
}

async function tryOn(
  set: string,
  data: DataSet,
  encoder: OnnxSentenceEncoder | undefined,
  python: string | undefined,
): Promise<readonly Tried[]> {
  const progress = progressOf(set);
  const turns = data.answers.map(({ turn }) => turn);
  progress(`${turns.length} answers, reading`);
  const native = new FeatureReader(data.reading).read(turns);
  const encoded = encoder && (await readWithEncoder(data.reading, turns, encoder));
  const tried: Tried[] = [];
  for (const trial of data.trials) {
    const during = (model: string) => (step: string) => {
      progress(`${trial.name}: ${model}, ${step}`);
    };
    const own = ownScores(data, trial, native, during('native'));
    const scores = {
      native: own.logits,
      probabilities: own.probabilities,
      ...(encoded && { encoded: ownScores(data, trial, encoded, during('with encoder')).logits }),
      ...(python !== undefined && { reference: await referenceScores(data, trial, python) }),
    };
    const quality = qualityOf(data.answers, scores);
    tried.push({ name: trial.name, quality });
    for (const line of qualityTable([{ name: trial.name, quality }])) progress(line);
  }
  return tried;
}

function figuresOf({ name, quality }: Tried): readonly BenchFigure[] {
  const { native, encoded, reference, measure } = quality;
  const theirs = reference === undefined ? [] : [reference.value];
  const against = (model: string, value: number): BenchFigure =>
    figure(`${name}: ${model}`, measure, 'higher', [value], REFERENCE, theirs);
  return [
    against('native', native.value),
    ...(encoded === undefined ? [] : [against('with encoder', encoded.value)]),
  ];
}
