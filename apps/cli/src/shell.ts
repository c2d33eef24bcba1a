/** Somewhere text goes: `process.stdout`, `process.stderr`, or an array in a test. */
export interface TextSink {
  write(text: string): unknown;
  /** Set while what was written waits for its reader; 'drain' is told when it waits no more. Absent where nothing ever waits. */
  readonly writableNeedDrain?: boolean;
  once?(event: 'drain', listener: () => void): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Everything the commands take from the process that runs them; the one place where `process` is read is main.ts. */
export interface Shell {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Who runs the command, for the history of what they decide. */
  readonly userName: string;
  /** The folder of the built programs that commands start: `standalone.js`, `bench.js`. */
  readonly programs: string;
}
