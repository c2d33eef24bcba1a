import { sessionId } from '@heed/kernel';
import { askedTurn, type AskedTurn } from './asked-turn.ts';
import { buildChain } from './build-chain.ts';
import type { DerivedSession, FollowUp, Reformulation } from './derived-session.ts';
import { describeTurn } from './describe-turn.ts';
import { findReformulation, repairsByTurn } from './find-reformulation.ts';
import { onlyThanks } from './follow-up-rules.ts';
import { orderEvents } from './order-events.ts';
import type { TurnEvidence } from './outcome-rules.ts';
import { readSession } from './read-session.ts';
import type { SessionEvent } from './session-event.ts';
import type { SessionModels } from './session-models.ts';

/** With nothing heard for so long a session is closed; what comes later still counts, but no longer makes it longer. */
export const IDLE_GAP_MS = 30 * 60_000;

export interface DeriveOptions {
  readonly idleGapMs?: number;
}

/**
 * Reads a session whole from everything known of it. Neither the order in which events arrived nor how often they came makes
 * a difference, and no clock is read: equal events give an equal session. Linear in the number of events but for their
 * sorting; a request is compared with the few before it that the model's window holds.
 *
 * Throws RangeError without events: there is no session that nothing happened in.
 */
export function deriveSession(
  events: readonly SessionEvent[],
  models: SessionModels,
  { idleGapMs = IDLE_GAP_MS }: DeriveOptions = {},
): DerivedSession {
  const ordered = orderEvents(events);
  const first = ordered[0];
  if (first === undefined) throw new RangeError('deriveSession needs at least one event of the session');
  const { drafts, orphans, startedAtMs, endedAtMs, user } = readSession(ordered, idleGapMs);
  const asked = drafts.map(askedTurn);
  const turns = labelTurns(asked, models);
  return {
    session: sessionId(first.event.session),
    startedAtMs,
    endedAtMs,
    day: new Date(endedAtMs).toISOString().slice(0, 10),
    ...(user !== undefined && { user }),
    turns,
    chain: buildChain(turns, asked, models.reformulation),
    orphans,
    storedEvents: ordered.length - orphans.length,
    models: {
      reformulation: models.reformulation.version,
      followUp: models.followUp.version,
      outcome: models.outcome.version,
    },
  };
}

function labelTurns(asked: readonly AskedTurn[], models: SessionModels): DerivedSession['turns'] {
  const reformulations = asked.map((_, i) => findReformulation(asked, i, models.reformulation));
  const repairs = repairsByTurn(reformulations);
  return asked.map((turn, i) => {
    const reformulation = reformulations[i] ?? NOT_ONE;
    const followUp = followUpOf(turn, asked[i + 1], reformulations[i + 1], models);
    const evidence = evidenceOf(turn, asked[i - 1], repairs.get(turn.id), followUp);
    const outcome = models.outcome.decide(evidence);
    return describeTurn(turn.draft, { reformulation, ...(followUp && { followUp }), outcome });
  });
}

const NOT_ONE: Reformulation = { kind: 'none', probability: 1 };

function followUpOf(
  turn: AskedTurn,
  next: AskedTurn | undefined,
  reformulation: Reformulation | undefined,
  models: SessionModels,
): FollowUp | undefined {
  if (next === undefined) return undefined;
  const ofThisTurn = reformulation?.repairs === turn.id ? reformulation : undefined;
  return models.followUp.classify({ earlier: turn.request, next: next.request, reformulation: ofThisTurn });
}

function evidenceOf(
  { draft, request }: AskedTurn,
  before: AskedTurn | undefined,
  repairedBy: Reformulation | undefined,
  followUp: FollowUp | undefined,
): TurnEvidence {
  const { settled, rating, likes, dislikes, trouble, copied, answerFailed } = draft;
  const thanks = onlyThanks(request) && before?.draft.answerFailed !== true;
  return {
    settled,
    rating,
    likes,
    dislikes,
    trouble,
    copied,
    repairedBy,
    followUp,
    answerFailed,
    onlyThanks: thanks,
    onlyLeaves: request.cues.asksNothing && !thanks,
  };
}
