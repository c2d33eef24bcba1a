/** What a script can tell from the exit code alone. Part of the contract: see docs/cli.md. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  /** A check or a gate said no: replay unequal, accounts unbalanced, signature bad, transition refused. */
  refused: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
