import { z } from 'zod';
import type { LabelledPair } from './labelled-pair.ts';

const row = z.object({ row: z.number(), instruction: z.string() });

const LONG_CHARACTERS = 300;
const COMPARED_WITH = 5;

/**
 * Long requests that have nothing to do with each other, from the lines of AlpacaEval's `instructions.jsonl`: each instruction of
 * 300 characters and more with the 5 such before it, as a session of them would be compared. No pair is a reformulation:
 * people wrote them apart. Two that share most of their text (one task put to two inputs) are possible, and count as others.
 *
 * Throws ZodError when a line is something else.
 */
export function longInstructionPairs(jsonl: string): readonly LabelledPair[] {
  const long = jsonl
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => row.parse(JSON.parse(line)))
    .filter(({ instruction }) => instruction.length >= LONG_CHARACTERS);
  return long.flatMap((later, i) =>
    long.slice(Math.max(0, i - COMPARED_WITH), i).map((earlier) => ({
      group: String(later.row),
      earlier: earlier.instruction,
      later: later.instruction,
      reformulation: false,
    })),
  );
}
