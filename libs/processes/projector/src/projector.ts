import { entriesAhead, type ErasureRegister, type EventLog, type LogEntry } from '@heed/events';
import { Fault } from '@heed/kernel';
import { faultFields, PROJECTOR_GROUP, type Log } from '@heed/platform';
import type { SessionStore } from '@heed/sessions';
import type { ProjectionRules } from './derive-touched.ts';
import { erasuresIn } from './erasures-in.ts';
import { LogServer, ReadAgain, type LogBatchContext } from './log-server.ts';
import { projectApart } from './project-apart.ts';
import { projectBatch } from './project-batch.ts';
import { RememberingStore } from './remembering-store.ts';
import { untilItsTurn, type Courtesy } from './until-its-turn.ts';
import { wait } from './wait.ts';

/**
 * What stands between this projector and other processes that change the warehouse. It lets the work in when they do not, and rejects with
 * `ReadAgain` when they did since the batch was read. Gives up waiting when it is told to stop.
 */
export type ProjectionDoor = (work: () => Promise<void>, stopping: AbortSignal) => Promise<void>;

export interface ProjectorOptions extends ProjectionRules {
  /** Log entries taken at once. */
  readonly maxBatch: number;
  /** How the projector behaves towards others in its process; it has one to itself when absent. */
  readonly courtesy?: Courtesy;
  /** No other process changes the warehouse when absent. */
  readonly door?: ProjectionDoor;
  /** Nobody else can write to the store but while this one is paused: then it need not read back what it wrote. */
  readonly soleWriter?: boolean;
  /** Told of every erasure in a batch before the batch is committed; nobody forgets anything when absent. */
  readonly erasures?: Pick<ErasureRegister, 'note'>;
}

const RETRY_MS = { first: 100, most: 10_000 };
const LOOK_AGAIN_MS = 25;

/** A batch that failed so often for another reason than the store is looked through for the session that it fails on. */
const ATTEMPTS = 3;

/** Bytes of events taken at once, beside their number. */
const MAX_BATCH_BYTES = 64 * 1024 * 1024;

/** Reads the log into the store, batch by batch, until it is stopped. The log's position moves after the rows are in. */
export class Projector {
  /** Where the batches come from. An application connects it (`connectMicroservice`), and `TakeBatches` hands them on. */
  readonly server: LogServer;
  readonly #log: EventLog;
  readonly #store: SessionStore;
  readonly #remembering: RememberingStore | undefined;
  readonly #options: ProjectorOptions;
  readonly #journal: Log;
  #paused: Promise<unknown> = Promise.resolve();

  constructor(log: EventLog, store: SessionStore, options: ProjectorOptions, journal: Log) {
    this.#log = log;
    this.#remembering = options.soleWriter === true ? new RememberingStore(store) : undefined;
    this.#store = this.#remembering ?? store;
    this.#options = options;
    this.#journal = journal;
    this.server = new LogServer({
      log,
      group: PROJECTOR_GROUP,
      journal,
      options: (stopping) => ({
        maxBatch: options.maxBatch,
        maxBytes: MAX_BATCH_BYTES,
        beforeBatch: (before) => this.#turn(before, stopping),
      }),
    });
  }

  /** Takes the batches itself where no application has connected its server. */
  start(): void {
    if (this.server.getHandlers().size === 0) {
      const take = (batch: readonly LogEntry[], context: LogBatchContext): Promise<void> =>
        this.take(batch, context);
      this.server.addHandler(PROJECTOR_GROUP, take, true);
    }
    this.server.resume();
  }

  /** Resolves after the batch in hand is in the store, or given up because the store fails: it then comes again. */
  stop(): Promise<void> {
    return this.server.pause();
  }

  /** Stops for good: who paused it cannot start it any more. */
  shutDown(): Promise<void> {
    return this.server.close();
  }

  /** Brings a batch into the store and commits it. Rejects only when it is stopped meanwhile, or is to be given the batch again. */
  async take(batch: readonly LogEntry[], context: LogBatchContext): Promise<void> {
    await this.#project(batch, context.stopping);
    context.commit();
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
      this.#remembering?.forget();
      this.start();
    }
  }

  /** Resolves when everything that was in the log at the call is in the store. */
  async whenCaughtUp(): Promise<void> {
    const goal = await this.#log.lag(PROJECTOR_GROUP);
    for (let now = goal; entriesAhead(goal, now) > 0; now = await this.#log.lag(PROJECTOR_GROUP)) {
      await wait(LOOK_AGAIN_MS);
    }
  }

  async #turn(before: readonly LogEntry[], stopping: AbortSignal): Promise<void> {
    const { courtesy } = this.#options;
    if (courtesy && !isBacklog(before, courtesy)) await untilItsTurn(courtesy, stopping);
  }

  /**
   * Tries until the store takes the batch: none is ever skipped. A batch that fails although the store does not is halved, down
   * to the session that it fails on, whose new events become dead letters.
   */
  async #project(batch: readonly LogEntry[], stopping: AbortSignal): Promise<void> {
    const { door = openDoor, erasures } = this.#options;
    let project = projectBatch;
    for (let attempt = 1; ; attempt++) {
      try {
        await door(() => project(batch, this.#store, this.#options), stopping);
        await erasures?.note(erasuresIn(batch));
        return;
      } catch (thrown) {
        if (stopping.aborted || thrown instanceof ReadAgain) throw thrown;
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

const openDoor: ProjectionDoor = (work) => work();

function isBacklog(before: readonly LogEntry[], { hurryFrom }: Courtesy): boolean {
  const chars = before.reduce((sum, { body }) => sum + body.length, 0);
  return before.length >= hurryFrom.entries || chars >= hurryFrom.chars;
}
