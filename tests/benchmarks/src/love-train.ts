import { seededRandom } from '@heed/kernel';
import {
  FeatureReader,
  fitHead,
  logitsOf,
  scaled,
  scalingOf,
  scoreTurns,
  WideFit,
  type FeatureTable,
  type LabelledTable,
} from '@heed/rewards';
import { areaUnderRoc } from '@heed/statistics';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { figure, type BenchFigure, type BenchReport } from './figures.ts';
import { pythonWith } from './love/python-with.ts';
import { repositoryFolder } from './repository-folder.ts';
import { peakRssMiB } from './service.ts';
import { syntheticTurns } from './synthetic-turns.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const TESTED_ON = 10_000;
/** Answers as an assistant gives them that speaks: a million rows of them fit into memory. */
const LENGTHS = { shortest: 6, longest: 24 };
const STRENGTH = 0.3;
const NUMBER_SCALE = 0.3;
/** As `fitHead` has them. */
const SETTLED = 0.01;
const MOST_PASSES = 20;

const measured = z.object({ seconds: z.number(), auroc: z.number() });
const references = z.object({ liblinear: measured, sgd: measured, vw: measured.nullable() });
type References = z.infer<typeof references>;
type Measured = z.infer<typeof measured>;

interface Size {
  readonly rows: number;
  readonly grams: number;
  readonly readSeconds: number;
  /** The wide part alone at one strength: what the references learn. */
  readonly wide: Measured;
  /** All strengths, the network and the calibration: what a user waits for. */
  readonly whole: Measured;
  readonly theirs: References | undefined;
}

/** Seconds to learn from rows that were read, and AUROC on others, beside scikit-learn and Vowpal Wabbit on the same weighed features, all on one thread. */
export function loveTrainBench(args: readonly string[]): BenchReport {
  const { python, why } = findPython();
  const sizes: Size[] = [];
  for (const rows of readRows(args)) sizes.push(measure(rows, python));
  return {
    name: 'love-train',
    figures: sizes.flatMap(figuresOf),
    notes: [
      ...(why === undefined ? [] : [`no reference: ${why}`]),
      ...sizes.map(noteOf),
      ...linearity(sizes),
      `memory: ${peakRssMiB(process.pid) ?? '?'} MiB at the most`,
    ],
  };
}

function measure(rows: number, python: string | undefined): Size {
  const reader = new FeatureReader('answer');
  say(`${rows} rows: reading`);
  const [train, readSeconds] = timed(() => read(reader, rows, 2));
  const test = read(reader, TESTED_ON, 3);
  say(`${rows} rows: the wide part at one strength`);
  const scaling = scalingOf(train.table);
  const [own, others] = [scaled(train.table, scaling), scaled(test.table, scaling)];
  const [linear, wideSeconds] = timed(() => fitWide(own, train.labels));
  const wide = { seconds: wideSeconds, auroc: auroc(logitsOf(linear, others), test.labels) };
  const theirs = python === undefined ? undefined : askPython(python, own, train.labels, others, test.labels);
  say(`${rows} rows: the whole training`);
  // The tenth that chooses is no part of the test.
  const tune = read(reader, Math.max(1000, rows / 10), 4);
  const [{ head }, wholeSeconds] = timed(() => fitHead('answer', train, tune, 0, 7, say));
  const whole = { seconds: wholeSeconds, auroc: auroc(scoreTurns(head, test.table).logits, test.labels) };
  return { rows, grams: own.places.length / rows, readSeconds, wide, whole, theirs };
}

function fitWide(table: FeatureTable, labels: Uint8Array): Parameters<typeof logitsOf>[0] {
  const fit = new WideFit(table, labels, { strength: STRENGTH, numberScale: NUMBER_SCALE });
  const random = seededRandom(7);
  for (let pass = 1; fit.pass(random) > SETTLED && pass < MOST_PASSES; pass++);
  const { bias, places, numbers } = fit.model();
  return { bias, wide: Float32Array.from(places), numbers: Float32Array.from(numbers) };
}

function read(reader: FeatureReader, rows: number, seed: number): LabelledTable {
  const labels = new Uint8Array(rows);
  let at = 0;
  function* turns(): ReturnType<typeof syntheticTurns> {
    for (const turn of syntheticTurns(rows, seed, LENGTHS)) {
      labels[at++] = turn.label;
      yield turn;
    }
  }
  const table = reader.read(turns());
  return { table, labels };
}

function askPython(
  python: string,
  train: FeatureTable,
  labels: Uint8Array,
  test: FeatureTable,
  testLabels: Uint8Array,
): References {
  const folder = mkdtempSync(join(tmpdir(), 'heed-bench-train-'));
  try {
    write(folder, 'train', train, labels);
    write(folder, 'test', test, testLabels);
    const script = repositoryFolder('tests', 'benchmarks', 'src', 'love-train-reference.py');
    const given = [script, folder, String(2 ** 18), String(train.numbers), String(STRENGTH)];
    const { status, stdout } = spawnSync(python, given, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    });
    if (status !== 0) throw new Error('the reference failed; its reason is above');
    return references.parse(JSON.parse(stdout));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A turn's bags are one row: each bag is salted, so that the same place is seldom in two. */
function write(folder: string, part: string, table: FeatureTable, labels: Uint8Array): void {
  const starts = BigInt64Array.from({ length: table.turns + 1 }, (_, turn) =>
    BigInt(table.starts[turn * table.bags] ?? 0),
  );
  const columns = {
    ...{ labels, starts, places: table.places, weights: table.weights },
    values: table.values.map((value) => value * NUMBER_SCALE),
  };
  for (const [name, column] of Object.entries(columns))
    writeFileSync(join(folder, `${part}.${name}`), column);
}

function figuresOf({ rows, wide, whole, theirs }: Size): readonly BenchFigure[] {
  const against = (
    what: string,
    ours: Measured,
    name: string,
    other: Measured | null | undefined,
  ): BenchFigure =>
    figure(`${rows} rows, ${what}`, 's', 'lower', [ours.seconds], name, other == null ? [] : [other.seconds]);
  return [
    against('whole training', whole, 'scikit-learn, liblinear, one strength', theirs?.liblinear),
    against('one strength', wide, 'scikit-learn, liblinear', theirs?.liblinear),
    against('one strength', wide, 'scikit-learn, SGD', theirs?.sgd),
    against('one strength', wide, 'Vowpal Wabbit, 3 passes, its text read', theirs?.vw),
  ];
}

function noteOf({ rows, grams, readSeconds, wide, whole, theirs }: Size): string {
  const said = [
    `one strength ${wide.auroc.toFixed(4)}`,
    `whole training ${whole.auroc.toFixed(4)}`,
    ...(theirs === undefined
      ? []
      : [`liblinear ${theirs.liblinear.auroc.toFixed(4)}`, `SGD ${theirs.sgd.auroc.toFixed(4)}`]),
    ...(theirs?.vw == null ? [] : [`Vowpal Wabbit ${theirs.vw.auroc.toFixed(4)}`]),
  ];
  return `${rows} rows of ${Math.round(grams)} grams, made and read in ${readSeconds.toFixed(1)} s; AUROC on ${TESTED_ON} others: ${said.join(', ')}`;
}

/** Seconds a row beside those of the size before: 1 is linear. */
function linearity(sizes: readonly Size[]): readonly string[] {
  return sizes.slice(1).map((size, n) => {
    const before = sizes[n] ?? size;
    const growth = (of: (size: Size) => number): string =>
      (of(size) / size.rows / (of(before) / before.rows)).toFixed(2);
    return `a row of ${size.rows} costs, beside one of ${before.rows}: ${growth(({ wide }) => wide.seconds)} at one strength, ${growth(({ whole }) => whole.seconds)} in the whole training, ${growth(({ readSeconds }) => readSeconds)} to read`;
  });
}

function findPython(): { readonly python?: string; readonly why?: string } {
  try {
    return {
      python: pythonWith(repositoryFolder('tests', 'benchmarks', 'src', 'love-train-requirements.txt')),
    };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

function readRows(args: readonly string[]): readonly number[] {
  const { values } = parseArgs({ args: [...args], options: { rows: { type: 'string' } } });
  return values.rows?.split(',').map(Number) ?? SIZES;
}

function auroc(scores: Float64Array, labels: Uint8Array): number {
  return areaUnderRoc({ scores, labels });
}

function timed<T>(work: () => T): readonly [T, number] {
  const startedMs = performance.now();
  const done = work();
  return [done, (performance.now() - startedMs) / 1000];
}

function say(step: string): void {
  process.stderr.write(`love-train: ${step}\n`);
}
