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

/** That nothing was recorded in these streams after a position: what was decided without knowing of it does not hold. */
export interface Quiet {
  readonly streams: readonly string[];
  readonly after: number;
}

export interface NotQuiet {
  readonly code: 'not-quiet';
}

/** Append-only store of what was decided. Optimistic concurrency by stream version; nothing is ever updated or deleted. */
export interface EventStore {
  /** The stream's events in order; [] when there are none. */
  load(stream: string): Promise<readonly StoredEvent[]>;
  /**
   * Appends when the stream is at `expectedVersion` (0 = does not exist), and where `quiet` is given while it holds; gives the new version. Looking and
   * appending are one: nothing is recorded between the two.
   */
  append(
    stream: string,
    expectedVersion: number,
    events: readonly NewStoredEvent[],
    recordedAtMs: number,
    quiet?: Quiet,
  ): Promise<Result<number, WrongVersion | NotQuiet>>;
  /** Every event of the streams whose name begins so, by position, after the given position (0 = from the start). */
  readAll(streamPrefix: string, afterPosition: number): Promise<readonly StoredEvent[]>;
  /** Position of the newest event of all; 0 where there is none. */
  head(): Promise<number>;
}
