import type { Result } from '@heed/kernel';

/** An event as stored: `type` and `data` are the stored shape, which may be older than the domain's and is upcast on read. */
export interface StoredEvent {
  readonly stream: string;
  /** 1, 2, 3, ... within the stream. */
  readonly version: number;
  /** Grows over the whole store, in commit order. */
  readonly position: number;
  readonly type: string;
  readonly data: unknown;
  readonly recordedAtMs: number;
}

export interface NewStoredEvent {
  readonly type: string;
  readonly data: unknown;
}

export interface WrongVersion {
  readonly code: 'wrong-version';
  readonly expected: number;
  readonly actual: number;
}

/** Append-only store of what was decided. Optimistic concurrency by stream version; nothing is ever updated or deleted. */
export interface EventStore {
  /** The stream's events in order; [] when there are none. */
  load(stream: string): Promise<readonly StoredEvent[]>;
  /** Appends when the stream is at `expectedVersion` (0 = does not exist); gives the new version. */
  append(
    stream: string,
    expectedVersion: number,
    events: readonly NewStoredEvent[],
    recordedAtMs: number,
  ): Promise<Result<number, WrongVersion>>;
  /** Every event of the streams whose name begins so, by position, after the given position (0 = from the start). */
  readAll(streamPrefix: string, afterPosition: number): Promise<readonly StoredEvent[]>;
  /** Position of the newest event of all; 0 where there is none. */
  head(): Promise<number>;
}
