import type { HeedEvent } from './event.ts';
import type { LogEntry, NewLogEntry } from './event-log.ts';
import type { LogEntryOptions } from './log-entry-of.ts';
import { isObject } from './envelope.ts';
import { readJson } from './read-json.ts';

const TYPE = 'heed.redriven.v1';

/** No event and no dead letter has a key like this: ids that begin with `!` are moved away, and it is no reason. */
const KEY = '!redriven:';

/** That an event took the place of a dead letter. Heed's own note in the log, written by nobody else. */
export interface Redriven {
  /** The dead letter's id. */
  readonly letter: string;
  /** The id of the event that took its place. */
  readonly event: string;
}

/**
 * What to append once the event that takes a dead letter's place is durable. It is the same entry however often the one is sent for
 * the other, so that saying it again changes nothing; when it was, `receivedAtMs` of the first tells.
 */
export function redrivenEntry(
  note: Pick<NewLogEntry, 'tenant' | 'receivedAtMs'> & {
    readonly letter: string;
    readonly event: Pick<HeedEvent, 'id' | 'session'>;
  },
  { sha256 }: Pick<LogEntryOptions, 'sha256'>,
): NewLogEntry {
  const { tenant, receivedAtMs, letter, event } = note;
  const digest = sha256(JSON.stringify([letter, event.id]));
  const body = JSON.stringify({
    specversion: '1.0',
    id: `redriven-${digest}`,
    source: '/heed',
    type: TYPE,
    subject: event.session,
    data: { letter, event: event.id } satisfies Redriven,
  });
  return { tenant, key: `${KEY}${digest}`, session: event.session, body, receivedAtMs };
}

/** The note that an entry is; undefined for every other entry, also for an event that only looks like one. */
export function redrivenOf({ key, body }: Pick<LogEntry, 'key' | 'body'>): Redriven | undefined {
  if (!key.startsWith(KEY)) return undefined;
  const read = readJson(body);
  if (!read.ok || !isObject(read.value) || read.value['type'] !== TYPE) return undefined;
  const { data } = read.value;
  if (!isObject(data)) return undefined;
  const { letter, event } = data;
  return typeof letter === 'string' && typeof event === 'string' ? { letter, event } : undefined;
}
