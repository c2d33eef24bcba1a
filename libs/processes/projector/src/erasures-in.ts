import type { AskedErasure, LogEntry } from '@heed/events';
import { readEntry } from './read-entry.ts';

/** The erasures among the entries, nearly always none. */
export function erasuresIn(entries: readonly LogEntry[]): readonly AskedErasure[] {
  return entries.filter(mayBeErasure).flatMap((entry) => {
    const read = readEntry(entry);
    if (read.fate !== 'event' || read.event.name !== 'erasure') return [];
    const { tenant, key, receivedAtMs } = entry;
    return [{ tenant, key, receivedAtMs, user: read.event.data.user }];
  });
}

/** The type stands in the text as it is, unless a sender escapes letters; then it has no other way to be as short. */
function mayBeErasure({ body }: LogEntry): boolean {
  return body.includes('heed.erasure.') || (body.length < SHORT && body.includes('\\u'));
}

const SHORT = 4096;
