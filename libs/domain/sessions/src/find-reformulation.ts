import type { TurnId } from '@heed/kernel';
import type { AskedTurn } from './asked-turn.ts';
import type { Reformulation } from './derived-session.ts';
import type { ReformulationModel, RequestPair } from './reformulation/reformulation-model.ts';

/**
 * Compares turn `index` with the turns before it that the model's window holds, and takes the likeliest; between equals the
 * nearest. Where none is a reformulation, the probability is that of the likeliest pair not being one.
 */
export function findReformulation(
  asked: readonly AskedTurn[],
  index: number,
  model: ReformulationModel,
): Reformulation {
  const later = asked[index];
  let best: Reformulation = { kind: 'none', probability: 1 };
  if (later === undefined) return best;
  for (let i = index - 1; i >= Math.max(0, index - model.windowTurns); i--) {
    const earlier = asked[i];
    if (earlier === undefined) break;
    const { kind, probability } = model.judge(pairOf(earlier, later, index - i));
    if (kind === 'none') {
      if (best.kind === 'none' && probability < best.probability) best = { kind, probability };
    } else if (best.kind === 'none' || probability > best.probability) {
      best = { kind, repairs: earlier.id, probability };
    }
  }
  return best;
}

/** What was repaired by a later turn, and how; of several the likeliest, then the first. */
export function repairsByTurn(reformulations: readonly Reformulation[]): ReadonlyMap<TurnId, Reformulation> {
  const repairs = new Map<TurnId, Reformulation>();
  for (const reformulation of reformulations) {
    if (reformulation.repairs === undefined) continue;
    const known = repairs.get(reformulation.repairs);
    if (known === undefined || reformulation.probability > known.probability)
      repairs.set(reformulation.repairs, reformulation);
  }
  return repairs;
}

/** Two turns of a session as the model reads them, `turnsApart` from each other. */
export function pairOf(earlier: AskedTurn, later: AskedTurn, turnsApart: number): RequestPair {
  return {
    earlier: earlier.request,
    later: later.request,
    turnsApart,
    gapMs: later.draft.event.timeMs - earlier.draft.event.timeMs,
    asked: turnsApart === 1 && earlier.draft.asksBack,
    troubled: earlier.draft.troubled,
    welcomed: earlier.draft.welcomed,
  };
}
