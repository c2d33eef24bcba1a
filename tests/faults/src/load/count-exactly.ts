import type { Warehouse } from '@heed/warehouse';
import { z } from 'zod';

/** What is wrong with a warehouse that has read a load to its end; nothing where Heed keeps its word. */
export interface Difference {
  /** Acknowledged, and not there. */
  readonly lost: readonly string[];
  /** There more than once. */
  readonly doubled: readonly string[];
  /** There, and never sent. */
  readonly strange: readonly string[];
}

export const NO_DIFFERENCE: Difference = { lost: [], doubled: [], strange: [] };

const row = z.object({ fact: z.string() });

/** One text for each event filed, each dead letter, each turn and each signal that a tenant has, but for the erasures that Heed notes itself. */
const FACTS = `
SELECT concat('stored ', session, ' ', event_id) AS fact FROM filed_events FINAL
WHERE tenant = {tenant:String} AND NOT startsWith(session, 'erasure-')
UNION ALL
SELECT concat(toString(reason), ' ', session, ' ', if(event_id = '', body, event_id)) FROM dead_letters FINAL
WHERE tenant = {tenant:String}
UNION ALL
SELECT concat('turn ', session, ' ', turn, ' ', request) FROM turns WHERE tenant = {tenant:String}
UNION ALL
SELECT concat('signal ', session, ' ', turn, ' ', event) FROM signals WHERE tenant = {tenant:String}
UNION ALL
SELECT concat('orphan ', session, ' ', event) FROM orphaned_events WHERE tenant = {tenant:String}`;

/** Compares what is in the warehouse with what is expected, fact by fact. Everything planned must have been acknowledged and projected. */
export async function differenceFrom(
  expected: readonly string[],
  warehouse: Warehouse,
  tenant: string,
): Promise<Difference> {
  const wanted = timesEach(expected);
  const found = timesEach((await warehouse.query(row, FACTS, { tenant })).map(({ fact }) => fact));
  return {
    lost: [...wanted].flatMap(([fact, times]) => ((found.get(fact) ?? 0) < times ? [fact] : [])),
    doubled: [...found].flatMap(([fact, times]) =>
      times > (wanted.get(fact) ?? 1) ? [`${times}x ${fact}`] : [],
    ),
    strange: [...found.keys()].filter((fact) => !wanted.has(fact)),
  };
}

/** Erasures that Heed has noted in the log for whoever asked `heed erase`. */
export async function countErasures(warehouse: Warehouse, tenant: string): Promise<number> {
  const noted = await warehouse.query(
    row,
    "SELECT session AS fact FROM filed_events FINAL WHERE tenant = {tenant:String} AND startsWith(session, 'erasure-')",
    { tenant },
  );
  return noted.length;
}

function timesEach(facts: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(facts, (fact) => fact)].map(([fact, { length }]) => [fact, length]));
}
