import type { Consumption, ConsumeOptions, EventLog, LogEntry } from '@heed/events';
import { faultFields, type Log } from '@heed/platform';
import { BaseRpcContext, Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { wait } from './wait.ts';

const AGAIN_MS = 10_000;

export interface LogServerParts {
  readonly log: EventLog;
  /** The consumer group, and the pattern of the handler that takes its batches. */
  readonly group: string;
  /** Made anew whenever reading begins, with the signal that ends it. */
  readonly options: (stopping: AbortSignal) => ConsumeOptions;
  readonly journal: Log;
}

/** Thrown by a handler: what it was given may no longer be what the log says, and is to be read again at once. */
export class ReadAgain extends Error {
  override readonly name = 'ReadAgain';
}

/** What a handler gets beside its batch. */
export class LogBatchContext extends BaseRpcContext<readonly [AbortSignal]> {
  #committed = false;

  get stopping(): AbortSignal {
    return this.getArgs()[0];
  }

  get committed(): boolean {
    return this.#committed;
  }

  /** What the batch asked for is durable: the group's position may move behind it. A batch that is not committed comes again. */
  commit(): void {
    this.#committed = true;
  }
}

/**
 * The event log as a transport of Nest: the handler of the group's pattern gets whole batches, one after the other, and commits each. Nest's own Kafka
 * transport hands over one message at a time, at which a warehouse cannot be filled; this one is for either log.
 */
export class LogServer extends Server implements CustomTransportStrategy {
  /** Whoever reads the log hears of it, and the batch comes again: nothing for Nest to report. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #parts: LogServerParts;
  #consumption: Consumption | undefined;
  #stopping = new AbortController();
  #isClosed = false;

  constructor(parts: LogServerParts) {
    super();
    this.#parts = parts;
  }

  listen(listening: () => void): void {
    this.resume();
    listening();
  }

  /** For good: whoever paused it cannot resume it any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.pause();
  }

  resume(): void {
    if (this.#consumption || this.#isClosed) return;
    const { log, group, options } = this.#parts;
    const stopping = new AbortController();
    this.#stopping = stopping;
    const consumption = log.consume(group, options(stopping.signal), (batch) =>
      this.#hand(batch, stopping.signal),
    );
    this.#consumption = consumption;
    consumption.done.catch((thrown: unknown) => {
      this.#beginAnew(thrown, stopping.signal);
    });
  }

  /** Resolves after the batch in hand is committed, or given up by its handler: it then comes again. */
  async pause(): Promise<void> {
    const consumption = this.#consumption;
    this.#consumption = undefined;
    this.#stopping.abort();
    await consumption?.stop().catch(() => undefined);
  }

  /** What is not committed comes again, so beginning anew loses and doubles nothing. */
  #beginAnew(thrown: unknown, stopping: AbortSignal): void {
    if (stopping.aborted) return;
    this.#consumption = undefined;
    if (!(thrown instanceof ReadAgain)) {
      this.#parts.journal.error('projection-interrupted', faultFields(thrown));
    }
    void wait(thrown instanceof ReadAgain ? 0 : AGAIN_MS, stopping).then(() => {
      if (!stopping.aborted) this.resume();
    });
  }

  async #hand(batch: readonly LogEntry[], stopping: AbortSignal): Promise<void> {
    const { group } = this.#parts;
    const handler = this.getHandlerByPattern(group);
    if (handler === null) throw new Error(`nobody takes the batches of group ${group}`);
    const context = new LogBatchContext([stopping]);
    const answer: unknown = await handler(batch, context);
    if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
    if (!context.committed) throw new Error(`a batch of group ${group} was not committed`);
  }

  override on(): never {
    throw new Error('the event log has no events to listen to');
  }

  override unwrap(): never {
    throw new Error('the event log stands behind a port');
  }
}
