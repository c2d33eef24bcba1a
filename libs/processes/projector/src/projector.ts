import type { Consumption, EventLog, LogEntry } from '@heed/events';
import { Fault } from '@heed/kernel';
import { faultFields, PROJECTOR_GROUP, type Log } from '@heed/platform';
import type { SessionStore } from '@heed/sessions';
import type { ProjectionRules } from './derive-touched.ts';
import { projectApart } from './project-apart.ts';
import { projectBatch } from './project-batch.ts';
import { untilItsTurn, type Courtesy } from './until-its-turn.ts';
import { wait } from './wait.ts';

export interface ProjectorOptions extends ProjectionRules {
  /** Log entries taken at once. */
  readonly maxBatch: number;
  /** How the projector behaves towards others in its process; it has one to itself when absent. */
  readonly courtesy?: Courtesy;
}

const RETRY_MS = { first: 100, most: 10_000 };
const LOOK_AGAIN_MS = 25;

/** A batch that failed so often for another reason than the store is looked through for the session that it fails on. */
const ATTEMPTS = 3;

/** Bytes of events taken at once, beside their number. */
export const MAX_BATCH_BYTES = 64 * 1024 * 1024;

/** Reads the log into the store, batch by batch, until it is stopped. The log's position moves after the rows are in. */
export class Projector {
  readonly #log: EventLog;
  readonly #store: SessionStore;
  readonly #options: ProjectorOptions;
  readonly #journal: Log;
  #consumption: Consumption | undefined;
  #stopping = new AbortController();
  #paused: Promise<unknown> = Promise.resolve();
  #isShutDown = false;

  constructor(log: EventLog, store: SessionStore, options: ProjectorOptions, journal: Log) {
    this.#log = log;
    this.#store = store;
    this.#options = options;
    this.#journal = journal;
  }

  start(): void {
    if (this.#consumption || this.#isShutDown) return;
    const stopping = new AbortController();
    this.#stopping = stopping;
    const { maxBatch } = this.#options;
    const beforeBatch = (before: readonly LogEntry[]): Promise<void> => this.#turn(before, stopping.signal);
    const options = { maxBatch, maxBytes: MAX_BATCH_BYTES, beforeBatch };
    const consumption = this.#log.consume(PROJECTOR_GROUP, options, (batch) =>
      this.#project(batch, stopping.signal),
    );
    this.#consumption = consumption;
    consumption.done.catch((thrown: unknown) => {
      // The log itself gave up. What is not committed comes again, so beginning anew loses and doubles nothing.
      if (stopping.signal.aborted) return;
      this.#journal.error('projection-interrupted', faultFields(thrown));
      this.#consumption = undefined;
      void wait(RETRY_MS.most, stopping.signal).then(() => {
        if (!stopping.signal.aborted) this.start();
      });
    });
  }

  /** Resolves after the batch in hand is in the store, or given up because the store fails: it then comes again. */
  async stop(): Promise<void> {
    const consumption = this.#consumption;
    this.#consumption = undefined;
    this.#stopping.abort();
    await consumption?.stop().catch(() => undefined);
  }

  /** Stops for good: who paused it cannot start it any more. */
  async shutDown(): Promise<void> {
    this.#isShutDown = true;
    await this.stop();
  }

  /** Does work that needs the store to stand still, one after the other; what arrives meanwhile waits in the log. */
  whilePaused<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#paused.then(() => this.#pausedFor(work));
    this.#paused = done.catch(() => undefined);
    return done;
  }

  async #pausedFor<T>(work: () => Promise<T>): Promise<T> {
    await this.stop();
    try {
      return await work();
    } finally {
      this.start();
    }
  }

  /** Resolves when everything that was in the log at the call is in the store. */
  async whenCaughtUp(): Promise<void> {
    const { head } = await this.#log.lag(PROJECTOR_GROUP);
    for (;;) {
      const { entries, committed } = await this.#log.lag(PROJECTOR_GROUP);
      if (entries === 0 || committed >= head) return;
      await wait(LOOK_AGAIN_MS);
    }
  }

  async #turn(before: readonly LogEntry[], stopping: AbortSignal): Promise<void> {
    const { courtesy } = this.#options;
    if (courtesy && !isBacklog(before, courtesy)) await untilItsTurn(courtesy, stopping);
  }

  /**
   * Tries until the store takes the batch: none is ever skipped. A batch that fails although the store does not is halved, down
   * to the session that it fails on, whose new events become dead letters. Rejects only when the projector is stopped meanwhile.
   */
  async #project(batch: readonly LogEntry[], stopping: AbortSignal): Promise<void> {
    let project = projectBatch;
    for (let attempt = 1; ; attempt++) {
      try {
        await project(batch, this.#store, this.#options);
        return;
      } catch (thrown) {
        if (stopping.aborted) throw thrown;
        if (attempt >= ATTEMPTS && !(thrown instanceof Fault)) project = projectApart;
        const waitMs = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** (attempt - 1));
        this.#journal.error('projection-retried', {
          ...faultFields(thrown),
          attempt,
          entries: batch.length,
          waitMs,
        });
        await wait(waitMs, stopping);
      }
    }
  }
}

function isBacklog(before: readonly LogEntry[], { hurryFrom }: Courtesy): boolean {
  const chars = before.reduce((sum, { body }) => sum + body.length, 0);
  return before.length >= hurryFrom.entries || chars >= hurryFrom.chars;
}
