import type { ExitCode } from './exit-codes.ts';

/** What a command found: `json` for scripts, `text` for people, and an exit code when it is not 0. */
export interface Outcome {
  readonly json: unknown;
  readonly text: string;
  readonly code?: ExitCode;
}

/** The command wrote its own lines as it went, the same for scripts and people. */
export interface Streamed {
  readonly streamed: true;
  readonly code?: ExitCode;
}
