import { hash } from 'node:crypto';
import { beginningOf } from './read/long-row.ts';
import type { Whole } from './read/row.ts';

export interface RejectedRow {
  readonly line: number;
  readonly problem: string;
}

export interface RejectedPlace extends RejectedRow {
  /** As the user named the file. */
  readonly file: string;
  /** Set when only the beginning of the row is kept. */
  readonly whole?: Whole;
}

/**
 * What is sent in place of a row that cannot become events: the row as it is, with the place where it stands. The service
 * knows it by its one field and keeps it as a dead letter: nothing is lost, and it can be mended and driven again.
 */
export function rejectedRowEvent({ file, line, problem, whole }: RejectedPlace, row: unknown): string {
  const kept = row instanceof Uint8Array ? { rowBase64: Buffer.from(row).toString('base64') } : { row };
  return JSON.stringify({ 'heed.rejectedRow': { file, line, problem, ...whole, ...kept } });
}

/** In place of an event that the service does not take for its size: what it was and how it begins. */
export function oversizedEvent(file: string, { json, line, problem }: OutgoingEvent): string {
  const bytes = Buffer.byteLength(json);
  return rejectedRowEvent(
    {
      file,
      line,
      problem: problem ?? tooLarge(json),
      whole: { bytes, sha256: hash('sha256', json) },
    },
    beginningOf(json),
  );
}

export function tooLarge(json: string): string {
  return `an event of ${Buffer.byteLength(json)} bytes is larger than the service takes`;
}

/** An event on its way: its JSON text, and the line of the record it comes from. */
export interface OutgoingEvent {
  readonly json: string;
  readonly line: number;
  /** Why its row was rejected, where it stands in place of one. */
  readonly problem?: string;
}
