import { eventId, sessionId } from '@heed/kernel';
import { deriveSession } from '../derive-session.ts';
import type { DerivedTurn } from '../derived-session.ts';
import type { SessionEvent } from '../session-event.ts';
import type { SessionModels } from '../session-models.ts';
import { classificationFigures, type ScoredCase } from './classification-figures.ts';
import type { RatedTurn } from './uss-dialogues.ts';

/** A user below the middle of the scale of 1 to 5 is dissatisfied, as the data's authors count it. */
const DISSATISFIED_BELOW = 3;

export interface OutcomeFigures {
  readonly turns: number;
  readonly dissatisfied: number;
  /** Of telling dissatisfied from other turns by 1 - probability of success. */
  readonly auroc: number;
  /** The same by the length of the next request alone. */
  readonly lengthAuroc: number;
  /** What decided, and how many of the turns it decided have a dissatisfied user; most turns first. */
  readonly byDecision: readonly OutcomeShare[];
}

export interface OutcomeShare {
  readonly decidedBy: string;
  readonly turns: number;
  readonly dissatisfiedShare: number;
}

interface JudgedTurn {
  readonly derived: DerivedTurn;
  readonly decision: string;
  readonly dissatisfied: boolean;
  readonly nextLength: number;
}

/** Derives each dialogue as a session, twenty seconds from turn to turn, and holds its turns' outcomes against the raters. */
export function evaluateOutcomes(
  dialogues: readonly (readonly RatedTurn[])[],
  models: SessionModels,
): OutcomeFigures {
  const judged = dialogues.flatMap((dialogue) => judge(dialogue, models));
  return {
    turns: judged.length,
    dissatisfied: judged.filter(({ dissatisfied }) => dissatisfied).length,
    auroc: auroc(judged, ({ derived }) => 1 - derived.outcome.probability),
    lengthAuroc: auroc(judged, ({ nextLength }) => nextLength),
    byDecision: sharesByDecision(judged),
  };
}

function judge(dialogue: readonly RatedTurn[], models: SessionModels): readonly JudgedTurn[] {
  const { turns } = deriveSession(dialogue.map(asEvent), models);
  return turns.flatMap((derived, i) => {
    const satisfaction = dialogue[i]?.satisfaction;
    const next = dialogue[i + 1];
    if (satisfaction === undefined || next === undefined) return [];
    const dissatisfied = satisfaction < DISSATISFIED_BELOW;
    return [{ derived, decision: decisionOf(derived, turns), dissatisfied, nextLength: next.request.length }];
  });
}

/** `reformulated` is told apart by kind: they weigh very differently. */
function decisionOf({ turn, outcome }: DerivedTurn, turns: readonly DerivedTurn[]): string {
  if (outcome.decidedBy !== 'reformulated') return outcome.decidedBy;
  const repairs = turns.map(({ reformulation }) => reformulation).filter((one) => one.repairs === turn);
  const [likeliest] = repairs.sort((a, b) => b.probability - a.probability);
  return `reformulated: ${likeliest?.kind ?? 'none'}`;
}

function asEvent({ request, response }: RatedTurn, index: number): SessionEvent {
  const id = String(index).padStart(6, '0');
  const data = {
    turn: id,
    request: { text: request },
    ...(response !== undefined && { response: { text: response } }),
  };
  const event = {
    name: 'turn',
    id: eventId(id),
    session: sessionId('dialogue'),
    source: '/',
    timeMs: index * 20_000,
    data,
  } as const;
  return { event, position: index };
}

function auroc(judged: readonly JudgedTurn[], score: (turn: JudgedTurn) => number): number {
  const cases: readonly ScoredCase[] = judged.map((turn) => ({
    score: score(turn),
    positive: turn.dissatisfied,
  }));
  return classificationFigures(cases, 0.5).auroc;
}

function sharesByDecision(judged: readonly JudgedTurn[]): readonly OutcomeShare[] {
  const groups = Map.groupBy(judged, ({ decision }) => decision);
  return [...groups]
    .map(([decidedBy, turns]) => ({
      decidedBy,
      turns: turns.length,
      dissatisfiedShare: turns.filter(({ dissatisfied }) => dissatisfied).length / turns.length,
    }))
    .sort((a, b) => b.turns - a.turns);
}
