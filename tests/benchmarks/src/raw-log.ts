export interface RawRow {
  readonly id: string;
  readonly session: string;
  readonly body: string;
}

/** The peer of Heed's log: the same store, with nothing around it. */
export interface RawLog {
  /** What it is, for the report: so many events are appended in one call. */
  described(rows: number): string;
  /** Resolves when all of them are durable. */
  append(rows: readonly RawRow[]): Promise<void>;
  close(): Promise<void>;
}
