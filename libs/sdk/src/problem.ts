/**
 * Something the application should know of and Heed coped with: decisions go on from the last good bundle, events wait or are
 * given up. `code` is stable; `message` says what was wrong and what would satisfy it.
 */
export interface HeedProblem {
  readonly code: string;
  readonly message: string;
  readonly cause?: unknown;
}

export type OnProblem = (problem: HeedProblem) => void;
