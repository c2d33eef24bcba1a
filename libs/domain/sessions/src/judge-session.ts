import { readRequest } from './asked-turn.ts';
import { chainEndOf } from './build-chain.ts';
import type { DefectModel } from './defect-model.ts';
import type { DerivedSession, DerivedTurn, TurnOutcome } from './derived-session.ts';

/** What decides before any model does: somebody stated it. */
const STATED: ReadonlySet<string> = new Set(['outcome', 'rating', 'reaction']);

/**
 * A session as the rules derived it, with the outcomes that nobody stated as a model of failed turns has them, and the chain's end by those. The rules keep turns
 * without an answer, and those that ask for nothing: thanks and goodbyes are evidence of the turn before.
 *
 * @param failing of each turn how likely it is to have failed; null for those without an answer
 */
export function judgeSession(
  session: DerivedSession,
  { id, threshold }: Pick<DefectModel, 'id' | 'threshold'>,
  failing: readonly (number | null)[],
): DerivedSession {
  const turns = session.turns.map((turn, at): DerivedTurn => {
    const probability = failing[at] ?? null;
    if (probability === null || STATED.has(turn.outcome.decidedBy) || asksNothing(turn)) return turn;
    return { ...turn, outcome: outcomeOf(probability, threshold) };
  });
  return {
    ...session,
    turns,
    chain: { ...session.chain, end: chainEndOf(turns, turns.map(asksNothing)) },
    models: { ...session.models, outcome: id },
  };
}

function outcomeOf(failing: number, threshold: number): TurnOutcome {
  return { kind: failing >= threshold ? 'defect' : 'success', probability: 1 - failing, decidedBy: 'model' };
}

function asksNothing({ request }: DerivedTurn): boolean {
  return readRequest(request).cues.asksNothing;
}
