import {
  sameContent,
  type AppendOutcome,
  type Consumption,
  type ConsumeOptions,
  type EventLog,
  type LogEntry,
  type NewLogEntry,
  type ReadOptions,
} from '@heed/events';
import { Fault, type TenantId } from '@heed/kernel';

/** The event log as one array. Holds to the same contract as the real ones, durability left aside. */
export function inMemoryEventLog(): EventLog {
  const state: LogState = {
    entries: [],
    known: new Map(),
    head: 0,
    committed: new Map(),
    open: new Map(),
    wake: newWake(),
  };
  return {
    append: async (batch) => {
      const named = await Promise.all(batch.map(withConflictKey));
      const outcomes = named.map((newcomer) => appendOne(state, newcomer));
      const { wake } = state;
      state.wake = newWake();
      wake.resolve(undefined);
      return outcomes;
    },
    consume: (group, options, handle) => consume(state, group, options, handle),
    replay: ({ committedBy, ...options }) =>
      replayUpTo(
        state,
        committedBy === undefined ? state.head : (state.committed.get(committedBy) ?? 0),
        options,
      ),
    lag: (group) => {
      const committed = state.committed.get(group) ?? 0;
      const entries = state.entries.filter(({ position }) => position > committed).length;
      return Promise.resolve({ entries, partitions: [{ committed, head: state.head }] });
    },
    rewind: (group) => {
      state.committed.delete(group);
      return Promise.resolve();
    },
    counts: () => Promise.resolve(countsOf(state.entries)),
    removesTenants: true,
    removeTenant: (tenant) => {
      for (const { key } of state.entries.filter((entry) => entry.tenant === tenant)) {
        state.known.delete(identityOf(tenant, key));
      }
      state.entries = state.entries.filter((entry) => entry.tenant !== tenant);
      return Promise.resolve();
    },
    close: async () => {
      await Promise.all([...state.open.values()].map((reader) => reader.stop()));
    },
  };
}

interface LogState {
  entries: LogEntry[];
  /** By tenant and key. */
  readonly known: Map<string, LogEntry>;
  head: number;
  readonly committed: Map<string, number>;
  readonly open: Map<string, Consumption>;
  wake: Wake;
}

type Wake = PromiseWithResolvers<undefined>;

interface Newcomer {
  readonly entry: NewLogEntry;
  readonly conflictKey: string;
}

function newWake(): Wake {
  return Promise.withResolvers();
}

async function withConflictKey(entry: NewLogEntry): Promise<Newcomer> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(entry.body));
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { entry, conflictKey: `!conflicting-duplicate:${hex}` };
}

function appendOne(state: LogState, { entry, conflictKey }: Newcomer): AppendOutcome {
  const first = find(state, entry.tenant, entry.key);
  if (first === undefined) {
    add(state, entry);
    return 'appended';
  }
  if (sameContent(first.body, entry.body)) return 'duplicate';
  if (find(state, entry.tenant, conflictKey) === undefined) {
    add(state, { ...entry, key: conflictKey, deadLetter: 'conflicting-duplicate' });
  }
  return 'conflict';
}

function find(state: LogState, tenant: TenantId, key: string): LogEntry | undefined {
  return state.known.get(identityOf(tenant, key));
}

function add(state: LogState, entry: NewLogEntry): void {
  state.head += 1;
  const added = { ...entry, position: state.head };
  state.entries.push(added);
  state.known.set(identityOf(entry.tenant, entry.key), added);
}

function identityOf(tenant: TenantId, key: string): string {
  return JSON.stringify([tenant, key]);
}

function consume(
  state: LogState,
  group: string,
  options: ConsumeOptions,
  handle: (batch: readonly LogEntry[]) => Promise<void>,
): Consumption {
  if (state.open.has(group)) return refused(group);
  const stop = newWake();
  let stopped = false;
  const run = async (): Promise<void> => {
    let batch: readonly LogEntry[] = [];
    while (!stopped) {
      const { wake } = state;
      await options.beforeBatch?.(batch);
      batch = after(state, state.committed.get(group) ?? 0, state.head, options);
      const last = batch.at(-1);
      if (last === undefined) await Promise.race([wake.promise, stop.promise]);
      else {
        await handle(batch);
        state.committed.set(group, last.position);
      }
    }
  };
  const done = Promise.resolve()
    .then(run)
    .finally(() => state.open.delete(group));
  done.catch(() => undefined);
  const consumption = {
    done,
    stop: async () => {
      stopped = true;
      stop.resolve(undefined);
      await done.catch(() => undefined);
    },
  };
  state.open.set(group, consumption);
  return consumption;
}

function refused(group: string): Consumption {
  const done = Promise.reject<undefined>(
    new Fault(
      'log-group-in-use',
      `Somebody else reads the log as group ${group} already.`,
      'Stop the other reader, or read under another group name.',
    ),
  );
  done.catch(() => undefined);
  return { done, stop: () => Promise.resolve() };
}

async function* replayUpTo(
  state: LogState,
  head: number,
  options: ReadOptions,
): AsyncGenerator<readonly LogEntry[]> {
  let position = 0;
  for (;;) {
    const batch = await Promise.resolve(after(state, position, head, options));
    const last = batch.at(-1);
    if (last === undefined) return;
    yield batch;
    position = last.position;
  }
}

function after(
  state: LogState,
  position: number,
  head: number,
  { maxBatch, maxBytes = Infinity }: ReadOptions,
): readonly LogEntry[] {
  const page = state.entries
    .filter((entry) => entry.position > position && entry.position <= head)
    .slice(0, maxBatch);
  let bytes = 0;
  const beyond = page.findIndex(({ body }, index) => {
    bytes += new TextEncoder().encode(body).length;
    return index > 0 && bytes > maxBytes;
  });
  return beyond === -1 ? page : page.slice(0, beyond);
}

function countsOf(entries: readonly LogEntry[]): Awaited<ReturnType<EventLog['counts']>> {
  return [...Map.groupBy(entries, ({ tenant }) => tenant)].map(([tenant, ofTenant]) => ({
    tenant,
    accepted: ofTenant.length,
    deadLettered: ofTenant.filter(({ deadLetter }) => deadLetter !== undefined).length,
  }));
}
