import type { LogEntry, NewLogEntry } from '@heed/events';
import { DEAD_LETTER_REASONS } from '@heed/events';
import { tenantId } from '@heed/kernel';
import { z } from 'zod';
import { fromStorable, separator, toStorable } from './storable-text.ts';
import { fromStoredKey, toStoredKey, type StoredKey } from './stored-key.ts';

/** An entry on its way into the table. */
export interface NewRow extends StoredKey {
  readonly tenant: string;
  readonly entry: NewLogEntry;
}

export function newRow(entry: NewLogEntry): NewRow {
  return { tenant: toStorable(entry.tenant), ...toStoredKey(entry.key), entry };
}

export function charsOf({ entry: { body, session }, longKey }: NewRow): number {
  return body.length + session.length + (longKey?.length ?? 0);
}

/** The rows in order, cut so that the texts of a part have at most `maxChars` together; one row that has more is a part by itself. */
export function inParts(rows: readonly NewRow[], maxChars: number): readonly (readonly NewRow[])[] {
  const parts: NewRow[][] = [];
  let chars = 0;
  for (const row of rows) {
    const own = charsOf(row);
    const part = parts.at(-1);
    if (part === undefined || chars + own > maxChars) {
      parts.push([row]);
      chars = own;
    } else {
      part.push(row);
      chars += own;
    }
  }
  return parts;
}

/** A column of texts as one text, for `string_to_array`: half the work of an array parameter, whose every quote is escaped. */
export function joined<T>(rows: readonly T[], textOf: (row: T) => string): string {
  let text = '';
  for (const row of rows) text += textOf(row) + separator;
  return text;
}

/** Read at tens of thousands a second from columns that the table itself constrains: typed here, not parsed. */
export interface LogRow {
  readonly position: number;
  readonly received_at_ms: number;
  readonly tenant: string;
  readonly key: string;
  readonly session: string;
  readonly dead_letter: string | null;
  readonly long_key: string | null;
  readonly body: string;
}

const deadLetterReason = z.enum(DEAD_LETTER_REASONS);

export function entryOf(row: LogRow): LogEntry {
  const entry = {
    tenant: tenantId(fromStorable(row.tenant)),
    key: fromStoredKey({ key: row.key, longKey: row.long_key }),
    session: fromStorable(row.session),
    body: fromStorable(row.body),
    receivedAtMs: row.received_at_ms,
    position: row.position,
  };
  return row.dead_letter === null ? entry : { ...entry, deadLetter: deadLetterReason.parse(row.dead_letter) };
}
