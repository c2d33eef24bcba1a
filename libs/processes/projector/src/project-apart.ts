import type { LogEntry } from '@heed/events';
import { Fault } from '@heed/kernel';
import type { DeadLetterRow, RedriveRow, SessionChanges, SessionStore } from '@heed/sessions';
import type { ProjectionRules } from './derive-touched.ts';
import { projectBatch } from './project-batch.ts';
import { deadLetterRow, poisoned, readEntry } from './read-entry.ts';

/**
 * As `projectBatch`, but a batch that fails although the store does not is halved, down to the session that it fails on. That
 * session's new events become dead letters, and those behind it do not wait. Rejects with the store's fault alone.
 */
export async function projectApart(
  batch: readonly LogEntry[],
  store: SessionStore,
  rules: ProjectionRules,
): Promise<void> {
  try {
    await projectBatch(batch, store, rules);
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    const halves = halvesOf(batch);
    if (halves.length < 2) await store.apply(poisonedBySession(batch, thrown));
    else for (const half of halves) await projectApart(half, store, rules);
  }
}

/** By sessions, whose events stay together and in order; one half when there is but one. */
function halvesOf(batch: readonly LogEntry[]): readonly (readonly LogEntry[])[] {
  const sessions = [...Map.groupBy(batch, ({ tenant, session }) => `${tenant}/${session}`).values()];
  const half = sessions.length >> 1;
  return [sessions.slice(0, half), sessions.slice(half)]
    .map((one) => one.flat())
    .filter((one) => one.length > 0);
}

/** Each event of them a dead letter, for its own reason where it had one. */
function poisonedBySession(entries: readonly LogEntry[], thrown: unknown): SessionChanges {
  const deadLetters: DeadLetterRow[] = [];
  const redrives: RedriveRow[] = [];
  for (const entry of entries) {
    const read = readEntry(entry);
    if (read.fate === 'redriven') redrives.push(read.row);
    else deadLetters.push(read.fate === 'dead-letter' ? read.row : deadLetterRow(entry, poisoned(thrown)));
  }
  return { filed: [], derived: [], deadLetters, redrives };
}
