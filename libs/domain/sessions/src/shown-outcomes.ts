import { readRequest } from './asked-turn.ts';
import { saysItFailed } from './cues.ts';
import type { DerivedTurn, TurnOutcome } from './derived-session.ts';
import { repairsByTurn } from './find-reformulation.ts';
import { onlyThanks } from './follow-up-rules.ts';
import { outcomeRules, TROUBLES } from './outcome-rules.ts';

/** What of a derived turn its user showed of the answer, or what tells it. */
export type ShownTurn = Pick<DerivedTurn, 'turn' | 'request' | 'response' | 'reformulation' | 'followUp'> & {
  readonly signals: readonly { readonly kind: string }[];
};

interface Ruled {
  /** Probability that it failed by `shownOutcomes`. */
  readonly ruledDefect: number;
  /** It asks for nothing: no model speaks of it in place of the rules (see `judgeSession`). */
  readonly keptByRules?: true;
}

/** The turns of one session, in their order, each with what the rules say of it. */
export function withRuledDefects<Turn extends ShownTurn>(turns: readonly Turn[]): readonly (Turn & Ruled)[] {
  const shown = showing(turns);
  return turns.map((turn, at) => {
    const { outcome, asksNothing = false } = shown[at] ?? {};
    return {
      ...turn,
      ruledDefect: 1 - (outcome?.probability ?? NaN),
      ...(asksNothing && { keptByRules: true as const }),
    };
  });
}

/**
 * What the rules say of each turn of a session by what its user did next alone, whatever anybody stated of it: outcome events, ratings and reactions are
 * not looked at, so that those can judge the rules. Reformulations are taken as they were derived, and a dislike made those likelier: where it
 * makes a difference, it is in the rules' favour.
 *
 * @param turns all of one session, in their order
 */
export function shownOutcomes(turns: readonly ShownTurn[]): readonly TurnOutcome[] {
  return showing(turns).map(({ outcome }) => outcome);
}

function showing(
  turns: readonly ShownTurn[],
): readonly { readonly outcome: TurnOutcome; readonly asksNothing: boolean }[] {
  const repairs = repairsByTurn(turns.map(({ reformulation }) => reformulation));
  return turns.map(({ turn, request, response = '', followUp, signals }, at) => {
    const asked = readRequest(request);
    const thanks = onlyThanks(asked) && !saysItFailed(turns[at - 1]?.response ?? '');
    const did = (kind: string): boolean => signals.some((signal) => signal.kind === `behaviour.${kind}`);
    const { asksNothing } = asked.cues;
    const outcome = outcomeRules.decide({
      settled: undefined,
      rating: undefined,
      likes: 0,
      dislikes: 0,
      repairedBy: repairs.get(turn),
      followUp,
      trouble: TROUBLES.find(did),
      copied: did('copied'),
      answerFailed: saysItFailed(response),
      onlyThanks: thanks,
      onlyLeaves: asksNothing && !thanks,
    });
    return { outcome, asksNothing };
  });
}
