import type { TenantId } from '@heed/kernel';
import { turnsToScore, type Reading, type SessionToScore } from '@heed/rewards';
import { sessionOfPart } from '@heed/sessions';
import { z } from 'zod';
import { givenAnswersOf, NONE_APART } from './read-given-answers.ts';
import { STAND } from './scored-log-statements.ts';
import { SESSION_TURNS, sessionTurnsRow, turnsIn, upToTextBytes } from './session-turns.ts';
import type { Warehouse } from './warehouse.ts';

const sessionRow = sessionTurnsRow.extend({ stand: z.string() });

/** These sessions, or parts of one, as they stand: the first by name, whose texts take no more than `textBytes` together, and one at the least. Those that are gone are left out. */
export async function sessionsToScore(
  warehouse: Warehouse,
  tenant: TenantId,
  names: readonly string[],
  reading: Reading,
  textBytes: number,
): Promise<readonly SessionToScore[]> {
  const rows = await warehouse.query(
    sessionRow,
    upToTextBytes(
      `${SESSION_TURNS}, ${STAND[reading]} AS stand`,
      'sessions FINAL WHERE tenant = {tenant:String} AND session IN {names:Array(String)}',
    ),
    { tenant, names, textBytes },
  );
  const parts = rows.map(({ part }) => part);
  const answers = await givenAnswersOf(warehouse, tenant, parts);
  return rows.map((row) => ({
    session: row.part,
    said: row.stand,
    turns: turnsToScore(sessionOfPart(row.part), turnsIn(row), answers.get(row.part) ?? NONE_APART, reading),
  }));
}
