import { DEFAULT_TENANT, TENANT_HEADER } from '@heed/contract';
import { cloudEvent, type HeedEvent } from './cloud-event.ts';
import { fallBackToMemory } from './fall-back-to-memory.ts';
import { indexedDbOutbox } from './indexed-db-outbox.ts';
import type { IdbFactory } from './indexed-db.ts';
import { leaveByBeacon } from './leave-by-beacon.ts';
import { memoryOutbox } from './memory-outbox.ts';
import { noLock, pageLock } from './outbox-lock.ts';
import type { OutboxLimits, OutboxStorage } from './outbox-storage.ts';
import { Outbox } from './outbox.ts';
import { listenToPage } from './page-events.ts';
import { postEvents } from './post-events.ts';
import type { OnProblem } from './problem.ts';
import { chance, newId } from './randomness.ts';
import { serialise } from './serialise.ts';

export interface EmitterOptions {
  /** Where Heed is, e.g. `http://127.0.0.1:8585`. */
  readonly url: string;
  readonly tenant?: string;
  /** In a browser only ever a browser key: it may write and nothing else, and everybody who opens the page can read it. */
  readonly key?: string;
  /** `source` of the events: the application's name, as a URI reference. */
  readonly source?: string;
  /** For each request. Default 10 s. */
  readonly timeoutMs?: number;
  /** Most events in a request; default 100. */
  readonly batchSize?: number;
  /** Most bytes of events in a request, unless one alone is larger; default 512 KiB. */
  readonly batchBytes?: number;
  /** How long an event waits for company; default 200 ms. */
  readonly lingerMs?: number;
  /** Most events that wait while Heed cannot be reached; default 10 000. Further ones are not taken, and told. */
  readonly capacity?: number;
  /** The same for their bytes; default 16 MiB. */
  readonly capacityBytes?: number;
  /** Where events wait. Default: the browser's database; where there is none, memory. */
  readonly storage?: OutboxStorage;
  /**
   * Pages of an origin that give the same name share what waits, and one of them sends it. Default: the address, the tenant and the
   * key. Give a name of your own so that what waits outlives a change of the key.
   */
  readonly outboxName?: string;
  readonly fetch?: typeof globalThis.fetch;
  /** Uniform in [0, 1), for jitter. */
  readonly random?: () => number;
  /** Milliseconds since 1970. */
  readonly nowMs?: () => number;
  /** Told of everything that went wrong and was coped with. Default: nobody. */
  readonly onProblem?: OnProblem;
}

export interface Emitter {
  /** Queues an event; it is posted in the background until Heed has said what became of it. The id it travels under. */
  emit(event: HeedEvent): string;
  /** Resolves when all that was emitted so far is in the storage: from then on it outlives the page, where the storage does. */
  saved(): Promise<void>;
  /** Sends what waits; resolves with how many of this page's events still wait when all is sent or the time (default 10 s) is up. */
  flush(timeoutMs?: number): Promise<number>;
  /** Flushes, and takes no more. Call it before a process ends: timers of the SDK do not keep it alive. */
  close(timeoutMs?: number): Promise<void>;
}

declare const indexedDB: IdbFactory | undefined;

/**
 * Tells Heed what happened. It decides nothing and asks for nothing, so a write-only key is enough.
 *
 * @example
 * const heed = createEmitter({ url: 'https://heed.example.org', key: BROWSER_KEY });
 * heed.emit({ type: 'heed.reaction.v1', session, data: { turn, kind: 'thumbs-up' } });
 */
export function createEmitter(options: EmitterOptions): Emitter {
  const {
    tenant = DEFAULT_TENANT,
    key,
    source = '/heed-sdk',
    timeoutMs = 10_000,
    batchSize = 100,
    batchBytes = 524_288,
    lingerMs = 200,
    capacity = 10_000,
    capacityBytes = 16_777_216,
    fetch = globalThis.fetch,
    random = chance,
    nowMs = Date.now,
    onProblem = ignore,
  } = options;
  const url = baseUrl(options.url);
  const headers = requestHeaders(tenant, key);
  const limits = { maxEntries: capacity, maxBytes: capacityBytes };
  const name = `heed-outbox ${options.outboxName ?? [url, tenant, key ?? ''].join(' ')}`;
  const storage = fallBackToMemory(
    options.storage ?? storageHere(name, limits),
    memoryOutbox(limits),
    onProblem,
  );
  const needsHeaders = key === undefined && tenant !== DEFAULT_TENANT;
  const outbox = new Outbox({
    storage,
    lock: storage.shared ? pageLock(name) : noLock,
    post: (body, count) => postEvents(body, count, { url, headers, fetch, timeoutMs, nowMs }),
    leave: (waiting) => leaveByBeacon(waiting, { url, headers, key, needsHeaders, fetch }),
    batch: { maxCount: batchSize, maxBytes: batchBytes },
    lingerMs,
    limits,
    random,
    onProblem,
  });
  const listening = new AbortController();
  listenToPage(outbox, listening.signal);
  outbox.start();

  return {
    emit: (event) => {
      const sent = cloudEvent(event, { id: newId(), time: new Date(nowMs()).toISOString(), source });
      const entry = serialise(sent);
      if (entry.ok) outbox.add(entry.value);
      else onProblem(entry.error);
      return sent.id;
    },
    saved: () => outbox.saved(),
    flush: (flushMs = 10_000) => outbox.flush(flushMs),
    close: async (closeMs = 10_000) => {
      await outbox.close(closeMs);
      listening.abort();
    },
  };
}

/** The address without the slash that people put at its end. */
export function baseUrl(url: string): string {
  return url.replace(/\/+$/, '');
}

/** Who is asking: with a key Heed knows the tenant from it, without one the request says. */
export function requestHeaders(tenant: string, key: string | undefined): Readonly<Record<string, string>> {
  return key === undefined ? { [TENANT_HEADER]: tenant } : { authorization: `Bearer ${key}` };
}

function storageHere(name: string, limits: OutboxLimits): OutboxStorage {
  return typeof indexedDB === 'undefined' ? memoryOutbox(limits) : indexedDbOutbox(indexedDB, name, limits);
}

function ignore(): void {
  // Nobody asked to be told.
}
