import type { LogEntry } from '@heed/events';
import { sessionId } from '@heed/kernel';
import type { DeadLetterRow, KnownSession, RedriveRow, SessionChanges, SessionStore } from '@heed/sessions';
import { deriveTouched, type ProjectionRules, type TouchedSession } from './derive-touched.ts';
import { judgeTouches } from './judge-touches.ts';
import { keyOf } from './key-of.ts';
import { isLong, toParts } from './long-session.ts';
import { readEntry } from './read-entry.ts';

/** Where a slice of a batch ends: large enough for one insert, small enough not to keep others waiting while it is derived. */
const SLICE = { events: 8000, characters: 32_000_000 };

/** Parts of long sessions that are derived together: each may hold some thousand events beside those that arrived. */
const PARTS_AT_ONCE = 4;

/** Slices being written while the next is derived. */
const AHEAD = 2;

/**
 * Brings one batch of the log into the store: groups by session, reads each entry, loads what is known of each session and
 * derives it whole, of a long one those parts that something arrived for, writes. Nothing is in two changes, so that one is derived while
 * another is written. Rejects with the store's fault; doing the batch again, or in other company, comes out the same.
 */
export async function projectBatch(
  batch: readonly LogEntry[],
  store: SessionStore,
  rules: ProjectionRules,
): Promise<void> {
  const writing: Promise<void>[] = [];
  const write = async (changes: SessionChanges): Promise<void> => {
    if (writing.length >= AHEAD) await writing.shift();
    const written = store.apply(changes);
    // A failure is heard of where it is awaited; until then Node would call it unhandled.
    written.catch(() => undefined);
    writing.push(written);
  };
  try {
    for (const slice of slicesOf(batch))
      for await (const changes of deriveSlice(slice, store, rules)) await write(changes);
    await Promise.all(writing);
  } catch (thrown) {
    // Whoever tries again must find the store at rest.
    await Promise.allSettled(writing);
    throw thrown;
  }
}

function readSlice(slice: readonly LogEntry[]) {
  const touched = new Map<
    string,
    {
      tenant: LogEntry['tenant'];
      session: TouchedSession['session'];
      arrived: TouchedSession['arrived'][number][];
      erased: LogEntry[];
    }
  >();
  const touch = (tenant: LogEntry['tenant'], session: TouchedSession['session']) => {
    const key = keyOf({ tenant, session });
    const found = touched.get(key) ?? { tenant, session, arrived: [], erased: [] };
    touched.set(key, found);
    return found;
  };
  const deadLetters: DeadLetterRow[] = [];
  const redrives: RedriveRow[] = [];
  for (const entry of slice) {
    const read = readEntry(entry);
    if (read.fate === 'dead-letter') {
      deadLetters.push(read.row);
      continue;
    }
    if (read.fate === 'redriven') {
      redrives.push(read.row);
      continue;
    }
    if (read.fate === 'erased') touch(entry.tenant, sessionId(entry.session)).erased.push(entry);
    else touch(entry.tenant, read.event.session).arrived.push(read);
  }
  return { touched: [...touched.values()], deadLetters, redrives };
}

async function* deriveSlice(
  slice: readonly LogEntry[],
  store: SessionStore,
  rules: ProjectionRules,
): AsyncGenerator<SessionChanges> {
  const { touched, deadLetters, redrives } = readSlice(slice);
  if (deadLetters.length + redrives.length > 0) yield { filed: [], derived: [], deadLetters, redrives };
  if (touched.length === 0) return;
  const known = bySession(await store.known(touched));
  const { long = [], short = [] } = Object.groupBy(touched, (one) =>
    isLong(one, known.get(keyOf(one)), rules.partEvents) ? 'long' : 'short',
  );
  if (short.length > 0) yield await deriveAll(short, known, rules);
  if (long.length === 0) return;
  const parts = await toParts(
    long.map((touched) => ({ touched, known: known.get(keyOf(touched)) })),
    store,
    rules.partEvents,
  );
  for (let start = 0; start < parts.length; start += PARTS_AT_ONCE) {
    const some = parts.slice(start, start + PARTS_AT_ONCE);
    yield await deriveAll(some, bySession(await store.knownParts(some)), rules);
  }
}

async function deriveAll(
  sessions: readonly TouchedSession[],
  known: ReadonlyMap<string, KnownSession>,
  rules: ProjectionRules,
): Promise<SessionChanges> {
  const touches = sessions.map((touched) => deriveTouched(touched, known.get(keyOf(touched)), rules));
  const derived = rules.defects === undefined ? touches : await judgeTouches(touches, rules.defects);
  return {
    filed: derived.flatMap(({ filed }) => filed),
    derived: derived.flatMap((one) => (one.derived ? [one.derived] : [])),
    deadLetters: derived.flatMap(({ deadLetters }) => deadLetters),
    repeated: derived.flatMap(({ repeated }) => repeated),
  };
}

/** Sessions stay whole and in the log's order. A slice is read when its turn has come: events take far more room than their bytes. */
function* slicesOf(batch: readonly LogEntry[]): Generator<readonly LogEntry[]> {
  let slice: LogEntry[] = [];
  let characters = 0;
  for (const session of Map.groupBy(batch, keyOf).values()) {
    for (const entry of session) {
      slice.push(entry);
      characters += entry.body.length;
    }
    if (slice.length < SLICE.events && characters < SLICE.characters) continue;
    yield slice;
    slice = [];
    characters = 0;
  }
  if (slice.length > 0) yield slice;
}

function bySession(known: readonly KnownSession[]): ReadonlyMap<string, KnownSession> {
  return new Map(known.map((session) => [keyOf(session), session]));
}
