import type { TenantId } from '@heed/kernel';
import type { MiningWindow } from '@heed/mining';
import type { SqlValues } from './warehouse.ts';

/** A condition on the columns `tenant` and `day`, and its values. */
export interface DayCondition {
  readonly sql: string;
  readonly values: SqlValues;
}

/** The tenant's days in the window. */
export function inWindow(tenant: TenantId, { since, until }: MiningWindow): DayCondition {
  const sides = [
    'tenant = {tenant:String}',
    ...(since === undefined ? [] : ['day >= {since:Date}']),
    ...(until === undefined ? [] : ['day < {until:Date}']),
  ];
  return {
    sql: sides.join(' AND '),
    values: { tenant, ...(since !== undefined && { since }), ...(until !== undefined && { until }) },
  };
}
