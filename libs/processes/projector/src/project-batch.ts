import type { LogEntry } from '@heed/events';
import type { DeadLetterRow, KnownSession, RedriveRow, SessionChanges, SessionStore } from '@heed/sessions';
import { deriveTouched, type ProjectionRules, type TouchedSession } from './derive-touched.ts';
import { readEntry } from './read-entry.ts';

/** Where a slice of a batch ends: large enough for one insert, small enough not to keep others waiting while it is derived. */
const SLICE = { events: 8000, characters: 32_000_000 };

/** Slices being written while the next is derived. */
const AHEAD = 2;

/**
 * Brings one batch of the log into the store: reads each entry, groups by session, loads what is known of each session and
 * derives it whole, writes. No two slices share a session, so that one is derived while another is written. Rejects with the
 * store's fault; doing the batch again, or in other company, comes out the same.
 */
export async function projectBatch(
  batch: readonly LogEntry[],
  store: SessionStore,
  rules: ProjectionRules,
): Promise<void> {
  const { touched, deadLetters, redrives } = readBatch(batch);
  const writing: Promise<void>[] = [];
  const write = async (changes: SessionChanges): Promise<void> => {
    if (writing.length >= AHEAD) await writing.shift();
    const written = store.apply(changes);
    // A failure is heard of where it is awaited; until then Node would call it unhandled.
    written.catch(() => undefined);
    writing.push(written);
  };
  try {
    if (deadLetters.length + redrives.length > 0)
      await write({ filed: [], derived: [], deadLetters, redrives });
    for (const slice of slicesOf(touched)) await write(await deriveSlice(slice, store, rules));
    await Promise.all(writing);
  } catch (thrown) {
    // Whoever tries again must find the store at rest.
    await Promise.allSettled(writing);
    throw thrown;
  }
}

function readBatch(batch: readonly LogEntry[]) {
  const touched = new Map<
    string,
    {
      tenant: LogEntry['tenant'];
      session: TouchedSession['session'];
      arrived: TouchedSession['arrived'][number][];
    }
  >();
  const deadLetters: DeadLetterRow[] = [];
  const redrives: RedriveRow[] = [];
  for (const entry of batch) {
    const read = readEntry(entry);
    if (read.fate === 'dead-letter') {
      deadLetters.push(read.row);
      continue;
    }
    if (read.fate === 'redriven') {
      redrives.push(read.row);
      continue;
    }
    const key = keyOf({ tenant: entry.tenant, session: read.event.session });
    const session = touched.get(key);
    if (session) session.arrived.push(read);
    else touched.set(key, { tenant: entry.tenant, session: read.event.session, arrived: [read] });
  }
  return { touched: [...touched.values()], deadLetters, redrives };
}

async function deriveSlice(
  slice: readonly TouchedSession[],
  store: SessionStore,
  rules: ProjectionRules,
): Promise<SessionChanges> {
  const known = new Map((await store.known(slice)).map((session) => [keyOf(session), session]));
  const derived = slice.map((touched) => deriveTouched(touched, known.get(keyOf(touched)), rules));
  return {
    filed: derived.flatMap(({ filed }) => filed),
    derived: derived.flatMap((one) => (one.derived ? [one.derived] : [])),
    deadLetters: derived.flatMap(({ deadLetters }) => deadLetters),
  };
}

function* slicesOf(touched: readonly TouchedSession[]): Generator<readonly TouchedSession[]> {
  let slice: TouchedSession[] = [];
  let events = 0;
  let characters = 0;
  for (const session of touched) {
    slice.push(session);
    events += session.arrived.length;
    characters += session.arrived.reduce((total, { entry }) => total + entry.body.length, 0);
    if (events < SLICE.events && characters < SLICE.characters) continue;
    yield slice;
    slice = [];
    events = 0;
    characters = 0;
  }
  if (slice.length > 0) yield slice;
}

function keyOf({ tenant, session }: Pick<KnownSession, 'tenant' | 'session'>): string {
  return `${tenant}/${session}`;
}
