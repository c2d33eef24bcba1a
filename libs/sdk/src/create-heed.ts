import { DEFAULT_TENANT, type DecideRequest } from '@heed/contract';
import { stateOfInterpretation, type Decision } from '@heed/policies';
import { BundleSource, type RefreshOutcome } from './bundle-source.ts';
import { cloudEvent, type HeedEvent } from './cloud-event.ts';
import { Outbox } from './outbox.ts';
import { postEvents } from './post-events.ts';
import type { OnProblem } from './problem.ts';
import { chance, newId } from './randomness.ts';
import { timer, type Timer } from './timer.ts';

export interface HeedOptions {
  /** Where Heed is, e.g. `http://127.0.0.1:8585`. */
  readonly url: string;
  readonly tenant?: string;
  /**
   * The key (SPKI, base64) that bundles must be signed by: `publicKey` of `GET /v1/bundle`, taken over a way you trust. Without
   * it the key of the first bundle is trusted from then on, until the application restarts: whoever answers at the address at
   * that moment decides what is served. Pin it in production.
   */
  readonly publicKey?: string;
  /**
   * The oldest version of the bundle to accept; default 0, any. An older bundle stays genuine for ever: without this, whoever
   * answers at the address can serve one after a restart, and with it fixes that were taken back since. Keep
   * `bundleVersion` when the application ends and give it here when it starts.
   */
  readonly minVersion?: number;
  /** `source` of the events: the application's name, as a URI reference. */
  readonly source?: string;
  /** Time between looks for a new bundle; 0 = only on `refresh()`. Default 30 s. */
  readonly refreshMs?: number;
  /** For each request. Default 10 s. */
  readonly timeoutMs?: number;
  /** Most events in a request; default 100. */
  readonly batchSize?: number;
  /** How long an event waits for company; default 200 ms. */
  readonly lingerMs?: number;
  /** Most events that wait while Heed cannot be reached; default 10 000. */
  readonly capacity?: number;
  readonly fetch?: typeof globalThis.fetch;
  /** Uniform in [0, 1), for jitter. */
  readonly random?: () => number;
  /** Told of everything that went wrong and was coped with. Default: nobody. */
  readonly onProblem?: OnProblem;
}

export interface Heed {
  /** Resolves, never rejects, once the first look for a bundle is over. Until then every request stays as it is. */
  readonly ready: Promise<RefreshOutcome>;
  /** Highest version of the bundle known so far, at least `minVersion`; to keep for the next start. */
  readonly bundleVersion: number;
  /** What to do with a request; in-process, from the last good bundle, in about a microsecond. */
  decide(request: DecideRequest): Decision;
  /** Looks for a new bundle now. */
  refresh(): Promise<RefreshOutcome>;
  /** Queues an event; it is posted in the background until Heed has it. The id it travels under. */
  emit(event: HeedEvent): string;
  /** Sends what waits; resolves with how many events still wait when all is sent or the time (default 10 s) is up. */
  flush(timeoutMs?: number): Promise<number>;
  /** Stops looking for bundles and flushes. Call it before the process ends: timers of the SDK do not keep it alive. */
  close(timeoutMs?: number): Promise<void>;
}

/**
 * A client of Heed for one tenant.
 *
 * @example
 * const heed = createHeed({ url: 'http://127.0.0.1:8585', publicKey });
 * const decision = heed.decide({ text, session, user });
 * const answer = await assistant(decision.rewrite ?? text);
 * heed.emit({ type: 'heed.turn.v1', session, data: { turn, user, request: { text }, response: { text: answer }, ...served(decision) } });
 */
export function createHeed(options: HeedOptions): Heed {
  const url = options.url.replace(/\/+$/, '');
  const {
    tenant = DEFAULT_TENANT,
    source = '/heed-sdk',
    refreshMs = 30_000,
    timeoutMs = 10_000,
    batchSize = 100,
    lingerMs = 200,
    capacity = 10_000,
    fetch = globalThis.fetch,
    random = chance,
    onProblem = ignore,
  } = options;
  const bundles = new BundleSource({
    url,
    tenant,
    publicKey: options.publicKey,
    minVersion: options.minVersion ?? 0,
    fetch,
    timeoutMs,
    onProblem,
  });
  const outbox = new Outbox({
    post: (events) => postEvents(events, { url, tenant, fetch, timeoutMs }),
    batchSize,
    lingerMs,
    capacity,
    random,
    onProblem,
  });
  const refreshing = refreshEvery(refreshMs, random, () => bundles.refresh());

  return {
    ready: bundles.refresh(),
    get bundleVersion() {
      return bundles.version;
    },
    decide: ({ text, interpretation, user, session }) => {
      const unit = user ?? session;
      const request = {
        text,
        ...(interpretation && { interpretation: stateOfInterpretation(interpretation) }),
        ...(unit !== undefined && { unit }),
      };
      return bundles.current?.decide(request) ?? undecided(text);
    },
    refresh: () => bundles.refresh(),
    emit: (event) => {
      const sent = cloudEvent(event, { id: newId(), time: new Date().toISOString(), source });
      outbox.add(sent);
      return sent.id;
    },
    flush: (flushMs = 10_000) => outbox.flush(flushMs),
    close: (closeMs = 10_000) => {
      refreshing.cancel();
      return outbox.close(closeMs);
    },
  };
}

/** Spread by a tenth, so that clients started together do not ask together for ever. */
function refreshEvery(periodMs: number, random: () => number, refresh: () => Promise<unknown>): Timer {
  if (periodMs <= 0) return { cancel: ignore };
  let current: Timer;
  let cancelled = false;
  const next = (): void => {
    current = timer(periodMs * (0.9 + 0.2 * random()), () => {
      void refresh().then(() => {
        if (!cancelled) next();
      });
    });
  };
  next();
  return {
    cancel: () => {
      cancelled = true;
      current.cancel();
    },
  };
}

/** `bundle` is empty: there is none yet. */
function undecided(text: string): Decision {
  return { request: text, rewrite: null, fix: null, policies: {}, bundle: '' };
}

function ignore(): void {
  // Nobody asked to be told.
}
