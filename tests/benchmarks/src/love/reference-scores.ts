import { spawn, spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { textsOf, type ReadableTurn, type Reading } from '@heed/rewards';
import { z } from 'zod';
import { repositoryFolder } from '../repository-folder.ts';
import type { DataSet, Trial } from './data-sets.ts';
import type { Round } from './rounds.ts';
import { pythonWith } from './python-with.ts';

const FOLDER = ['tests', 'benchmarks', 'src', 'love'];
const printed = z.array(z.array(z.number()));

/** A Python with scikit-learn, or a sentence on why there is none. */
export function referencePython(): { readonly python: string } | { readonly problem: string } {
  try {
    const python = pythonWith(join(repositoryFolder(...FOLDER), 'requirements.txt'));
    const { status, stderr, error } = spawnSync(python, ['-c', 'import sklearn.linear_model'], {
      encoding: 'utf8',
    });
    if (status === 0) return { python };
    const said = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
    return { problem: `no reference: ${python} has no scikit-learn that runs: ${said}` };
  } catch (error) {
    return { problem: `no reference: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** As `ownScores`, by scikit-learn. It learns on what Heed keeps back for choosing too, as it has nothing to choose. */
export async function referenceScores(
  { reading, answers }: DataSet,
  { rounds }: Trial,
  python: string,
): Promise<Float64Array> {
  const [turns, labels] = [answers.map(({ turn }) => turn), answers.map(({ label }) => label)];
  const found = await askReference({ reading, turns, labels, rounds, tells: 'logits' }, python);
  const scores = new Float64Array(answers.length).fill(NaN);
  found.forEach((own, n) => {
    rounds[n]?.test.forEach((place, at) => (scores[place] = own[at] ?? NaN));
  });
  return scores;
}

export interface ReferenceTask {
  readonly reading: Reading;
  readonly turns: readonly ReadableTurn[];
  readonly labels: readonly number[];
  readonly rounds: readonly Round[];
  /** Logits of the label 1; or of labels that are classes, the class, each class as important as another. */
  readonly tells: 'logits' | 'classes';
}

/** What scikit-learn says of each round's test. */
export async function askReference(
  { reading, turns, labels, rounds, tells }: ReferenceTask,
  python: string,
): Promise<readonly (readonly number[])[]> {
  const task = {
    ...{ labels, tells },
    texts: turns.map((turn) => fieldsOf(reading, turn)),
    rounds: rounds.map(({ fit, tune, test }) => ({ learn: [...fit, ...tune], test })),
  };
  const script = join(repositoryFolder(...FOLDER), 'reference.py');
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'pipe'] });
  // Where Python does not live to read it, its own complaint says more than the broken pipe.
  child.stdin.on('error', () => undefined);
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  child.stdin.end(JSON.stringify(task));
  const [status, output, complaint] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  if (status !== 0)
    throw new Error(`the reference failed: ${complaint.trim().split('\n').at(-1) ?? 'it was killed'}`);
  return printed.parse(JSON.parse(output));
}

/** What came before is no help to it where it can read what came next (AUROC .789 with the request, .791 without, on USS SGD): it is given what suits it. */
function fieldsOf(reading: Reading, turn: ReadableTurn): readonly string[] {
  const { request, response } = textsOf(turn);
  return reading === 'answer' ? [request, response] : [response, turn.aftermath?.next ?? ''];
}
