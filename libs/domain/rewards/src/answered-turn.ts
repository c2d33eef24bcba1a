/** One thing said before the answer that is judged. */
export interface Said {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** An answer in its place. The empty text stands for what was not said. */
export interface AnsweredTurn {
  /** What came before, oldest first; the request that is answered is the last thing the user said. */
  readonly context: readonly Said[];
  readonly response: string;
}

/** What is known once the user went on; never to be read by a model of what an answer will be met with. */
export interface Aftermath {
  /** The user's next words. */
  readonly next: string;
  /** Milliseconds from the answer to the next words. */
  readonly pauseMs?: number;
  /** What was seen of the user meanwhile, `regenerated`, `copied`, ...: kinds of `heed.behaviour`. */
  readonly behaviour: readonly string[];
  /** Longest look at the answer, milliseconds. */
  readonly dwellMs?: number;
  /** How long the session was when it was asked. */
  readonly turnsBefore?: number;
}

/** The texts that features are read from. */
export interface TurnTexts {
  /** The request that was answered. */
  readonly request: string;
  readonly response: string;
  /** The assistant's answer before this one. */
  readonly earlier: string;
}

export function textsOf({ context, response }: AnsweredTurn): TurnTexts {
  const last = (role: Said['role']): string => context.findLast((said) => said.role === role)?.text ?? '';
  return { request: last('user'), response, earlier: last('assistant') };
}
