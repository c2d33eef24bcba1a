import { turnId, userId } from '@heed/kernel';
import type { DerivedTurn, FollowUp, Reformulation, TurnOutcome } from './derived-session.ts';
import { stateOf, stateOfInterpretation } from './state-of.ts';
import type { TurnDraft } from './turn-draft.ts';

/** What the models said of a turn. */
export interface TurnLabels {
  readonly reformulation: Reformulation;
  /** Absent on the last turn. */
  readonly followUp?: FollowUp;
  readonly outcome: TurnOutcome;
}

export function describeTurn(
  { event, answer, latencyMs, signals }: TurnDraft,
  labels: TurnLabels,
): DerivedTurn {
  const { data } = event;
  const named = {
    request: data.request.text,
    ...(data.request.interpretation && {
      interpretation: stateOfInterpretation(data.request.interpretation),
    }),
    ...(data.served && { servedFix: data.served.fix, servedText: data.served.text }),
  };
  return {
    turn: turnId(data.turn),
    event: event.id,
    atMs: event.timeMs,
    ...(data.user !== undefined && { user: userId(data.user) }),
    ...named,
    ...(answer && { response: answer.text }),
    ...(answer?.model !== undefined && { responseModel: answer.model }),
    ...(latencyMs !== undefined && { latencyMs }),
    ...(data.locale !== undefined && { locale: data.locale }),
    ...(data.surface !== undefined && { surface: data.surface }),
    state: stateOf(named),
    ...labels,
    signals,
  };
}
