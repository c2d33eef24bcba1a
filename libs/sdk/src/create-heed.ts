import { DEFAULT_TENANT, type DecideRequest } from '@heed/contract';
import { stateOfInterpretation, type Decision } from '@heed/policies';
import { BundleSource, type RefreshOutcome } from './bundle-source.ts';
import {
  baseUrl,
  createEmitter,
  requestHeaders,
  type Emitter,
  type EmitterOptions,
} from './create-emitter.ts';
import { chance } from './randomness.ts';
import { timer, type Timer } from './timer.ts';

export interface HeedOptions extends EmitterOptions {
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
  /** Time between looks for a new bundle; 0 = only on `refresh()`. Default 30 s. */
  readonly refreshMs?: number;
}

export interface Heed extends Emitter {
  /** Resolves, never rejects, once the first look for a bundle is over. Until then every request stays as it is. */
  readonly ready: Promise<RefreshOutcome>;
  /** Highest version of the bundle known so far, at least `minVersion`; to keep for the next start. */
  readonly bundleVersion: number;
  /** What to do with a request; in-process, from the last good bundle, in about a microsecond. */
  decide(request: DecideRequest): Decision;
  /** Looks for a new bundle now. */
  refresh(): Promise<RefreshOutcome>;
  /** Stops looking for bundles, flushes, and takes no more events. Call it before a process ends: timers of the SDK do not keep it alive. */
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
  const {
    tenant = DEFAULT_TENANT,
    refreshMs = 30_000,
    timeoutMs = 10_000,
    fetch = globalThis.fetch,
    random = chance,
    onProblem = ignore,
  } = options;
  const bundles = new BundleSource({
    url: baseUrl(options.url),
    tenant,
    headers: requestHeaders(tenant, options.key),
    publicKey: options.publicKey,
    minVersion: options.minVersion ?? 0,
    fetch,
    timeoutMs,
    onProblem,
  });
  const emitter = createEmitter(options);
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
    emit: (event) => emitter.emit(event),
    saved: () => emitter.saved(),
    flush: (flushMs) => emitter.flush(flushMs),
    close: (closeMs) => {
      refreshing.cancel();
      return emitter.close(closeMs);
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
