import { hash } from 'node:crypto';
import { sameContent, type AppendOutcome, type NewLogEntry } from '@heed/events';
import { newRow, type NewRow } from './log-rows.ts';

export interface Verdict {
  readonly outcomes: readonly AppendOutcome[];
  /** What to write, in the batch's order; of those in `conflicts` only what the log has not kept before. */
  readonly rows: readonly NewRow[];
  /** Newcomers under a key that was taken, as the dead letters they become; part of `rows`. */
  readonly conflicts: readonly NewRow[];
}

/** Two rows of one identity are the same event. Stored texts hold no NUL, so it can stand between. */
export function identityOf({ tenant, key }: NewRow): string {
  return `${tenant}\0${key}`;
}

/** What the log has under an identity: what it says, or that it was erased. */
export type Held = ReadonlyMap<string, string | typeof ERASED>;

export const ERASED = Symbol('erased');

/**
 * Decides each row by those before it in the batch and by what the log holds under the same identity. What was erased stays erased, whatever
 * comes under its key.
 */
export function judgeBatch(rows: readonly NewRow[], held: Held): Verdict {
  const bodies = new Map(held);
  const outcomes: AppendOutcome[] = [];
  const toWrite: NewRow[] = [];
  const conflicts: NewRow[] = [];
  for (const row of rows) {
    const first = bodies.get(identityOf(row));
    if (first === undefined) {
      bodies.set(identityOf(row), saidBy(row.entry));
      toWrite.push(row);
      outcomes.push('appended');
    } else if (first === ERASED || sameContent(first, saidBy(row.entry))) {
      outcomes.push('duplicate');
    } else {
      outcomes.push('conflict');
      const kept = newRow(conflictingDuplicate(row.entry));
      if (bodies.has(identityOf(kept))) continue;
      bodies.set(identityOf(kept), saidBy(kept.entry));
      toWrite.push(kept);
      conflicts.push(kept);
    }
  }
  return { outcomes, rows: toWrite, conflicts };
}

function saidBy({ body, plain }: NewLogEntry): string {
  return plain ?? body;
}

function conflictingDuplicate(entry: NewLogEntry): NewLogEntry {
  return {
    ...entry,
    key: `!conflicting-duplicate:${hash('sha256', entry.body)}`,
    deadLetter: 'conflicting-duplicate',
  };
}
