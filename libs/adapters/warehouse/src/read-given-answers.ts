import { NO_LIMITS, parseEvent } from '@heed/events';
import type { TenantId } from '@heed/kernel';
import { givenAnswers, type FiledEvent, type GivenAnswer, type SessionEvent } from '@heed/sessions';
import { z } from 'zod';
import { inPieces } from './in-pieces.ts';
import { filedOf } from './read-filed-events.ts';
import type { Warehouse } from './warehouse.ts';

/** Answers by turn. */
export type GivenAnswers = ReadonlyMap<string, readonly GivenAnswer[]>;

/** Every answer came with its turn. */
export const NONE_APART: GivenAnswers = new Map();

const nameRow = z.object({ session: z.string() });

/** Nothing but its text tells of an event that was filed before its name was; nor that of a sender who escapes letters. */
const MAY_BE_RESPONSE = `(event_name = 'response' OR (event_name = '' AND (position(body, 'heed.response.') > 0 OR position(body, '\\\\u') > 0)))`;

/** Sessions whose events are held at once: a part of a session has some thousand at the most. */
const SESSIONS_AT_ONCE = 50;

/** The answers that were sent on their own in each of these sessions, or parts of one, with those before them. Sessions without any are left out. */
export async function givenAnswersOf(
  warehouse: Warehouse,
  tenant: TenantId,
  sessions: readonly string[],
): Promise<ReadonlyMap<string, GivenAnswers>> {
  const answered = await warehouse.query(
    nameRow,
    `SELECT DISTINCT session FROM filed_events
     WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)} AND ${MAY_BE_RESPONSE} ORDER BY session`,
    { tenant, sessions },
  );
  const names = answered.map(({ session }) => session);
  const answers = new Map<string, GivenAnswers>();
  for (const some of inPieces(names, SESSIONS_AT_ONCE)) {
    const filed = await filedOf(warehouse, tenant, some);
    for (const [session, own] of Map.groupBy(filed, (event) => event.session))
      answers.set(session, givenAnswers(own.flatMap(answering)));
  }
  return answers;
}

/** Turns and responses as they were filed; none of what was erased. */
function answering(filed: FiledEvent): readonly SessionEvent[] {
  const { body, eventName = '', receivedAtMs, position, apart } = filed;
  if (body === '' || !['turn', 'response', ''].includes(eventName)) return [];
  const parsed = parseEvent(body, { receivedAtMs, limits: NO_LIMITS });
  return parsed.ok ? [{ event: parsed.value, position, ...(apart && { apart }) }] : [];
}
