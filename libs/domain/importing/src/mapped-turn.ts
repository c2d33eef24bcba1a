/** A turn that a record has, before it is an event: one request and whatever answered it. */
export interface MappedTurn {
  readonly request: string;
  readonly response?: string;
  readonly id?: string;
  readonly model?: string;
  readonly latencyMs?: number;
  /** The parts of the record that it was read from: one row, or each of its messages. */
  readonly items: readonly unknown[];
}

/** Takes down what is wrong with the record in hand. */
export type Note = (detail: string) => void;

/** All turns of a record, in its order. */
export type TurnsReader = (record: unknown, note: Note) => readonly MappedTurn[];
