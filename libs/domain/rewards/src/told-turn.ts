import type { AnsweredTurn } from './answered-turn.ts';
import type { Behaviour } from './features/aftermath-numbers.ts';
import type { ReadableTurn } from './features/feature-reader.ts';

/** A turn and what came after it as one line tells them: null and absent are the same, and nothing said of the aftermath means that nothing was said or done. */
export interface ToldTurn extends AnsweredTurn {
  /** The user's next words. */
  readonly next?: string | null | undefined;
  readonly pauseMs?: number | null | undefined;
  readonly behaviour?: readonly Behaviour[] | null | undefined;
  readonly dwellMs?: number | null | undefined;
  /** As many as the context has where it does not say. */
  readonly turnsBefore?: number | null | undefined;
}

export function readableTurn(told: ToldTurn): ReadableTurn {
  const { context, response, next, pauseMs, behaviour, dwellMs, turnsBefore } = told;
  const asked = context.filter(({ role }) => role === 'user').length;
  return {
    ...{ context, response },
    aftermath: {
      next: next ?? '',
      behaviour: behaviour ?? [],
      turnsBefore: turnsBefore ?? Math.max(0, asked - 1),
      ...(pauseMs != null && { pauseMs }),
      ...(dwellMs != null && { dwellMs }),
    },
  };
}
