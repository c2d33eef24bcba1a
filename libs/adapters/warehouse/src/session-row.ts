import type { TenantId } from '@heed/kernel';
import type { DerivedSession, DerivedTurn } from '@heed/sessions';
import type { Cell } from './encode-rows.ts';

export interface VersionedSession {
  readonly tenant: TenantId;
  readonly version: number;
  readonly session: DerivedSession;
  readonly continued?: true;
}

/** Each column of `sessions` and what it holds of a session. An absent text is '', an absent number null. */
const COLUMNS: Readonly<Record<string, (row: VersionedSession) => Cell>> = {
  tenant: ({ tenant }) => tenant,
  session: ({ session }) => session.session,
  version: ({ version }) => version,
  day: ({ session }) => session.day,
  started_at_ms: ({ session }) => session.startedAtMs,
  ended_at_ms: ({ session }) => session.endedAtMs,
  user: ({ session }) => session.user ?? '',
  stored_events: ({ session }) => session.storedEvents,
  continued: ({ continued }) => Number(continued === true),
  reformulation_model: ({ session }) => session.models.reformulation,
  follow_up_model: ({ session }) => session.models.followUp,
  outcome_model: ({ session }) => session.models.outcome,

  'turns.id': ofTurns(({ turn }) => turn),
  'turns.event': ofTurns(({ event }) => event),
  'turns.at_ms': ofTurns(({ atMs }) => atMs),
  'turns.user': ofTurns(({ user }) => user ?? ''),
  'turns.request': ofTurns(({ request }) => request),
  'turns.interpretation': ofTurns(({ interpretation }) => interpretation ?? ''),
  'turns.response': ofTurns(({ response }) => response ?? ''),
  'turns.response_model': ofTurns(({ responseModel }) => responseModel ?? ''),
  'turns.served_fix': ofTurns(({ servedFix }) => servedFix ?? ''),
  'turns.served_text': ofTurns(({ servedText }) => servedText ?? ''),
  'turns.latency_ms': ofTurns(({ latencyMs }) => latencyMs ?? null),
  'turns.locale': ofTurns(({ locale }) => locale ?? ''),
  'turns.surface': ofTurns(({ surface }) => surface ?? ''),
  'turns.state': ofTurns(({ state }) => state),
  'turns.reformulation': ofTurns(({ reformulation }) => reformulation.kind),
  'turns.repairs': ofTurns(({ reformulation }) => reformulation.repairs ?? ''),
  'turns.reformulation_probability': ofTurns(({ reformulation }) => reformulation.probability),
  'turns.follow_up': ofTurns(({ followUp }) => followUp?.kind ?? ''),
  'turns.follow_up_probability': ofTurns(({ followUp }) => followUp?.probability ?? null),
  'turns.outcome': ofTurns(({ outcome }) => outcome.kind),
  'turns.outcome_probability': ofTurns(({ outcome }) => outcome.probability),
  'turns.outcome_decided_by': ofTurns(({ outcome }) => outcome.decidedBy),

  'signals.turn': ofSignals((_, turn) => turn.turn),
  'signals.event': ofSignals(({ event }) => event),
  'signals.kind': ofSignals(({ kind }) => kind),
  'signals.at_ms': ofSignals(({ atMs }) => atMs),
  'signals.user': ofSignals(({ user }) => user ?? ''),
  'signals.value': ofSignals(({ value }) => value ?? null),

  'steps.state': ({ session }) => session.chain.steps.map(({ state }) => state),
  'steps.wording': ({ session }) => session.chain.steps.map(({ wording }) => wording),
  'steps.turn': ({ session }) => session.chain.steps.map(({ turn }) => turn),
  'steps.engaged': ({ session }) => session.chain.steps.map(({ engaged }) => Number(engaged)),
  chain_end: ({ session }) => session.chain.end,
  chain_explored: ({ session }) => Number(session.chain.explored),

  'orphans.event': ({ session }) => session.orphans.map(({ event }) => event),
  'orphans.event_type': ({ session }) => session.orphans.map(({ eventType }) => eventType),
  'orphans.turn': ({ session }) => session.orphans.map(({ turn }) => turn),
  'orphans.at_ms': ({ session }) => session.orphans.map(({ atMs }) => atMs),
  'orphans.position': ({ session }) => session.orphans.map(({ position }) => position),
};

export const SESSION_COLUMNS = Object.keys(COLUMNS);

const CELLS = Object.values(COLUMNS);

export function sessionRow(row: VersionedSession): readonly Cell[] {
  return CELLS.map((cell) => cell(row));
}

function ofTurns(read: (turn: DerivedTurn) => string | number | null): (row: VersionedSession) => Cell {
  return ({ session }) => session.turns.map(read);
}

function ofSignals(
  read: (signal: DerivedTurn['signals'][number], turn: DerivedTurn) => string | number | null,
): (row: VersionedSession) => Cell {
  return ({ session }) => session.turns.flatMap((turn) => turn.signals.map((signal) => read(signal, turn)));
}
