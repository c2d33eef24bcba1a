import { NO_LIMITS, parseEvent } from '@heed/events';
import type { TenantId } from '@heed/kernel';
import type { RetractedTurn } from '@heed/rewards';
import { retractedReactions, sessionOfPart, type FiledEvent, type SessionEvent } from '@heed/sessions';
import { z } from 'zod';
import { inPieces } from './in-pieces.ts';
import { standingReactionsOf } from './observed-turns.ts';
import { filedOf } from './read-filed-events.ts';
import type { Warehouse } from './warehouse.ts';

const nameRow = z.object({ session: z.string() });

/** Nothing but its text tells of an event that was filed before its name was; nor of a sender who escapes letters. */
const MAY_RETRACT = `(event_name IN ('reaction', '') AND (position(body, 'retracts') > 0 OR position(body, '\\\\u') > 0))`;

/** A part of a session has some thousand events at the most, as they were filed. */
const SESSIONS_AT_ONCE = 50;

/**
 * Turns of which a reaction was taken back by what was received after a moment, some at a time. A session as it was derived holds what stands; what was taken back,
 * only the events as they were filed tell. The texts of earlier ones are left unread, and of the other sessions everything.
 */
export async function* retractedTurnsOf(
  warehouse: Warehouse,
  tenant: TenantId,
  sinceMs: number,
): AsyncGenerator<readonly RetractedTurn[]> {
  const sessions = await warehouse.query(
    nameRow,
    `SELECT DISTINCT session FROM filed_events PREWHERE tenant = {tenant:String} AND received_at_ms > {sinceMs:Int64}
     WHERE ${MAY_RETRACT} ORDER BY session`,
    { tenant, sinceMs },
  );
  const names = sessions.map(({ session }) => session);
  for (const parts of inPieces(names, SESSIONS_AT_ONCE)) yield await retractedIn(warehouse, tenant, parts);
}

async function retractedIn(
  warehouse: Warehouse,
  tenant: TenantId,
  parts: readonly string[],
): Promise<readonly RetractedTurn[]> {
  const filed = await filedOf(warehouse, tenant, parts);
  const standing = await standingReactionsOf(warehouse, tenant, parts);
  return [...Map.groupBy(filed, ({ session }) => session)].flatMap(([part, own]) => {
    const retracted = [...retractedReactions(own.flatMap(reactionIn)).values()];
    return [...Map.groupBy(retracted, ({ data }) => data.turn)].flatMap(([turn, reactions]) => {
      const stands = standing.get(part)?.get(turn);
      // Of a turn that is gone there is nothing left to take back.
      if (stands === undefined) return [];
      return {
        session: sessionOfPart(part),
        turn: stands.turn,
        retracted: reactions.map(({ id, data }) => ({ event: id, kind: data.kind })),
        standing: { answer: stands.answer, aftermath: stands.aftermath },
      };
    });
  });
}

/** None of what was erased. */
function reactionIn({ body, eventName = '', receivedAtMs, position }: FiledEvent): readonly SessionEvent[] {
  if (body === '' || !['reaction', ''].includes(eventName)) return [];
  const parsed = parseEvent(body, { receivedAtMs, limits: NO_LIMITS });
  return parsed.ok ? [{ event: parsed.value, position }] : [];
}
