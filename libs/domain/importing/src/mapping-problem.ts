/** Why a mapping, a file or one of its records cannot become events. Never quotes the record. */
export interface MappingProblem {
  /** Line of the file, from 1, where it has lines. */
  readonly line?: number;
  /** Number of the record, from 1. */
  readonly record?: number;
  readonly detail: string;
  readonly remedy: string;
}
