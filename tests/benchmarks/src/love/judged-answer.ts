import type { ReadableTurn } from '@heed/rewards';

/** An answer that people judged. */
export interface JudgedAnswer {
  readonly turn: ReadableTurn;
  /** 1: what the model is to find: loved, or failed. */
  readonly label: 0 | 1;
  /** A dialogue, a question: answers of one group are never on both sides of a cut, and are one witness to the bootstrap. */
  readonly group: string;
  /** Of two answers to one request that were judged beside each other. */
  readonly pair?: string;
  /** What the label was drawn by, where it was. */
  readonly probability?: number;
}

/** A turn whose request is known, with the assistant's answer before it where there was one. */
export function answered(request: string, response: string, earlier = '', next?: string): ReadableTurn {
  return {
    context: [
      ...(earlier === '' ? [] : [{ role: 'assistant' as const, text: earlier }]),
      { role: 'user', text: request },
    ],
    response,
    ...(next !== undefined && { aftermath: { next, behaviour: [] } }),
  };
}
