import { eventId, turnId, userId } from '@heed/kernel';
import type { SessionTurn } from '@heed/rewards';
import { FOLLOW_UP_KINDS, REFORMULATION_KINDS, TURN_OUTCOMES, type ShownTurn } from '@heed/sessions';
import { z } from 'zod';

const texts = z.array(z.string());
const times = z.array(z.coerce.number());
const numbers = z.array(z.coerce.number().nullable());
export const sessionTurnsRow = z.object({
  part: z.string(),
  ids: texts,
  events: texts,
  atMs: times,
  users: texts,
  requests: texts,
  responses: texts,
  responseModels: texts,
  latencies: numbers,
  locales: texts,
  surfaces: texts,
  reformulations: z.array(z.enum(REFORMULATION_KINDS)),
  repairs: texts,
  reformulationProbabilities: numbers,
  followUps: z.array(z.enum([...FOLLOW_UP_KINDS, ''])),
  followUpProbabilities: numbers,
  outcomes: z.array(z.enum(TURN_OUTCOMES)),
  decidedBy: texts,
  signalTurns: texts,
  signalEvents: texts,
  signalKinds: texts,
  signalAtMs: times,
  signalUsers: texts,
  signalValues: numbers,
});
export type SessionTurnsRow = z.infer<typeof sessionTurnsRow>;
/** Of `sessions`. */
export const SESSION_TURNS = `session AS part, turns.id AS ids, turns.event AS events, turns.at_ms AS atMs, turns.user AS users,
  turns.request AS requests, turns.response AS responses, turns.response_model AS responseModels, turns.latency_ms AS latencies, turns.locale AS locales,
  turns.surface AS surfaces, turns.reformulation AS reformulations, turns.repairs AS repairs,
  turns.reformulation_probability AS reformulationProbabilities, turns.follow_up AS followUps, turns.follow_up_probability AS followUpProbabilities,
  turns.outcome AS outcomes, turns.outcome_decided_by AS decidedBy, signals.turn AS signalTurns, signals.event AS signalEvents,
  signals.kind AS signalKinds, signals.at_ms AS signalAtMs, signals.user AS signalUsers, signals.value AS signalValues`;

/** Of texts that are held at once; as JSON and as objects they take several times as much. */
export const TEXT_BYTES_AT_ONCE = 16 * 1024 * 1024;

/** What the texts of a row of `sessions` take. */
const TEXT_BYTES =
  'arraySum(text -> length(text), turns.request) + arraySum(text -> length(text), turns.response)';

/**
 * The first of these rows by `part`, whose texts take no more than `{textBytes:UInt64}` together, and one at the least.
 *
 * @param columns of `sessions`, `part` among them
 * @param from what follows, with the rows in the order of `part`
 */
export function upToTextBytes(columns: string, from: string): string {
  return `SELECT * EXCEPT (bytes, reached) FROM
    (
      SELECT *, sum(bytes) OVER (ORDER BY part) AS reached FROM (SELECT ${columns}, ${TEXT_BYTES} AS bytes FROM ${from})
    )
    WHERE reached <= {textBytes:UInt64} OR reached = bytes ORDER BY part`;
}

/** An absent text is '' in the warehouse. */
export function turnsIn(row: SessionTurnsRow): readonly (SessionTurn & ShownTurn)[] {
  const signals = Map.groupBy(row.signalTurns.keys(), (at) => row.signalTurns[at] ?? '');
  return row.ids.map((id, at) => {
    const [user, locale, surface] = [row.users[at] ?? '', row.locales[at] ?? '', row.surfaces[at] ?? ''];
    const responseModel = row.responseModels[at] ?? '';
    const latencyMs = row.latencies[at] ?? null;
    return {
      turn: turnId(id),
      event: eventId(row.events[at] ?? ''),
      atMs: row.atMs[at] ?? 0,
      ...(user !== '' && { user: userId(user) }),
      request: row.requests[at] ?? '',
      response: row.responses[at] ?? '',
      ...(responseModel !== '' && { responseModel }),
      ...(latencyMs !== null && { latencyMs }),
      ...(locale !== '' && { locale }),
      ...(surface !== '' && { surface }),
      ...derivedIn(row, at),
      signals: (signals.get(id) ?? []).map((signal) => signalIn(row, signal)),
    };
  });
}

/** What the session was derived to say of a turn. */
function derivedIn(
  row: SessionTurnsRow,
  at: number,
): Pick<SessionTurn & ShownTurn, 'reformulation' | 'followUp' | 'outcome'> {
  const [repairs, followUp] = [row.repairs[at] ?? '', row.followUps[at] ?? ''];
  return {
    reformulation: {
      kind: row.reformulations[at] ?? 'none',
      probability: row.reformulationProbabilities[at] ?? NaN,
      ...(repairs !== '' && { repairs: turnId(repairs) }),
    },
    ...(followUp !== '' && {
      followUp: { kind: followUp, probability: row.followUpProbabilities[at] ?? NaN },
    }),
    outcome: { kind: row.outcomes[at] ?? 'unlabelled', decidedBy: row.decidedBy[at] ?? '' },
  };
}

function signalIn(row: SessionTurnsRow, at: number): SessionTurn['signals'][number] {
  const user = row.signalUsers[at] ?? '';
  const value = row.signalValues[at] ?? null;
  return {
    event: eventId(row.signalEvents[at] ?? ''),
    kind: row.signalKinds[at] ?? '',
    atMs: row.signalAtMs[at] ?? 0,
    ...(user !== '' && { user: userId(user) }),
    ...(value !== null && { value }),
  };
}
