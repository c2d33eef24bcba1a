import type { Warehouse } from '@heed/warehouse';
import { z } from 'zod';
import type { Counted, PlannedLoad } from './planned-load.ts';

/** What is wrong with a warehouse that has read a load to its end; nothing of it where Heed keeps its word. */
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

/** One text for each event filed, each dead letter, each turn and each signal that a tenant has. */
const FACTS = `
SELECT concat('stored ', session, ' ', event_id) AS fact FROM filed_events FINAL WHERE tenant = {tenant:String}
UNION ALL
SELECT concat(toString(reason), ' ', session, ' ', if(event_id = '', body, event_id)) FROM dead_letters FINAL
WHERE tenant = {tenant:String}
UNION ALL
SELECT concat('turn ', session, ' ', turn, ' ', request) FROM turns WHERE tenant = {tenant:String}
UNION ALL
SELECT concat('signal ', session, ' ', turn, ' ', event) FROM signals WHERE tenant = {tenant:String}
UNION ALL
SELECT concat('orphan ', session, ' ', event) FROM orphaned_events WHERE tenant = {tenant:String}`;

/** Compares what is in the warehouse with what was sent, fact by fact. Everything planned must have been acknowledged and projected. */
export async function differenceFrom(
  { counted }: PlannedLoad,
  warehouse: Warehouse,
  tenant: string,
): Promise<Difference> {
  const expected = new Set(counted.flatMap(factsOf));
  const found = (await warehouse.query(row, FACTS, { tenant })).map(({ fact }) => fact);
  const kept = new Set(found);
  return {
    lost: [...expected].filter((fact) => !kept.has(fact)),
    doubled: [...Map.groupBy(found, (fact) => fact)].flatMap(([fact, { length }]) =>
      length > 1 ? [`${length}x ${fact}`] : [],
    ),
    strange: [...kept].filter((fact) => !expected.has(fact)),
  };
}

function factsOf({ fate, name, session, derived, orphan }: Counted): readonly string[] {
  // Bytes that cannot be read name no session.
  const filed = `${fate} ${fate === 'unreadable' ? '' : session} ${name}`;
  if (orphan) return [filed, `orphan ${session} ${name}`];
  if (derived === undefined) return [filed];
  return 'turn' in derived
    ? [filed, `turn ${session} ${derived.turn} ${derived.request}`]
    : [filed, `signal ${session} ${derived.signalOf} ${name}`];
}
