import {
  MOST_TURNS_TO_SCORE,
  turnWithAftermath,
  type TurnScore,
  type TurnWithAftermath,
} from '@heed/contract';
import { RemoteFault } from '../connect/remote-fault.ts';
import { isReadable, type Row, type Rows } from '../import/read/row.ts';
import type { TextSink } from '../shell.ts';
import type { ScoreTurns } from './score-turns.ts';

/** Bytes of texts of a batch at the most, unless one line alone has more: well below what a service takes in one body. */
const MOST_BATCH_BYTES = 256 * 1024;
/** UTF-8 takes three bytes for a unit of UTF-16 at the most. */
const BYTES_A_UNIT = 3;

interface Tally {
  readonly scored: number;
  readonly failed: number;
}

/** What is said of a line in place of a score. */
interface LineProblem {
  readonly line: number;
  readonly problem: { readonly code: string; readonly title: string; readonly remedy: string };
}

type Waiting =
  { readonly line: number; readonly turn: TurnWithAftermath; readonly bytes: number } | LineProblem;

/**
 * A line out for each line in, in their order. What is held is one piece of the input and one batch: no more is read before what was written is taken.
 * Throws what `score` throws, but for a single turn that is too large.
 */
export async function scoreLines(rows: Rows, score: ScoreTurns, out: TextSink): Promise<Tally> {
  const tally = { scored: 0, failed: 0 };
  for await (const some of rows) {
    for (const batch of batchesOf(some.map(waiting))) {
      const answers = await answersTo(batch, score);
      for (const answer of answers) tally['problem' in answer ? 'failed' : 'scored']++;
      out.write(answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''));
      if (out.writableNeedDrain === true && out.once !== undefined) await drained(out);
    }
  }
  return tally;
}

function waiting(row: Row): Waiting {
  if (!isReadable(row)) return problemAt(row.line, `the line cannot be read: ${row.problem}`);
  const parsed = turnWithAftermath.safeParse(row.value);
  if (parsed.success)
    return { line: row.line, turn: parsed.data, bytes: BYTES_A_UNIT * (row.text?.length ?? 0) };
  const [issue] = parsed.error.issues;
  return problemAt(row.line, `${issue?.path.join('.') || 'the line'}: ${issue?.message ?? 'it is no turn'}`);
}

function problemAt(line: number, title: string): LineProblem {
  const remedy =
    'Write {"context": [{"role": "user" or "assistant", "text": "..."}], "response": "..."} on one line; for a defect model also "next": "..." and "behaviour": ["..."].';
  return { line, problem: { code: 'no-turn', title, remedy } };
}

function* batchesOf(lines: readonly Waiting[]): Generator<readonly Waiting[]> {
  let batch: Waiting[] = [];
  let bytes = 0;
  for (const line of lines) {
    const own = 'turn' in line ? line.bytes : 0;
    if (batch.length === MOST_TURNS_TO_SCORE || (batch.length > 0 && bytes + own > MOST_BATCH_BYTES)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(line);
    bytes += own;
  }
  if (batch.length > 0) yield batch;
}

async function answersTo(
  batch: readonly Waiting[],
  score: ScoreTurns,
): Promise<readonly (TurnScore | LineProblem)[]> {
  const turns = batch.filter((line) => 'turn' in line);
  const scores = turns.length === 0 ? [] : await score(turns.map(({ turn }) => turn)).catch(tooLarge(turns));
  let next = 0;
  return batch.map((line) => {
    if (!('turn' in line)) return line;
    const answer = scores[next++];
    if (answer === undefined) throw new RangeError('fewer scores than turns');
    return answer;
  });
}

/** One turn that no service takes is that line's problem; the others go on. */
function tooLarge(turns: readonly { readonly line: number }[]): (thrown: unknown) => readonly LineProblem[] {
  return (thrown) => {
    const [only] = turns;
    if (!(thrown instanceof RemoteFault) || thrown.status !== 413 || turns.length !== 1 || only === undefined)
      throw thrown;
    return [
      {
        line: only.line,
        problem: { code: thrown.code, title: thrown.message, remedy: 'Shorten its texts.' },
      },
    ];
  };
}

async function drained(out: TextSink): Promise<void> {
  await new Promise<void>((resolve) => out.once?.('drain', resolve));
}
