import { sessionId, tenantId } from '@heed/kernel';
import type { NamedByTenant, OutcomeModelNames, SessionKey } from '@heed/sessions';
import { z } from 'zod';
import { SESSION_COUNT } from './count-sessions.ts';
import type { Warehouse } from './warehouse.ts';

const countRow = z.object({
  tenant: z.string().transform(tenantId),
  model: z.string(),
  sessions: z.coerce.number(),
});
const nameRow = z.object({ session: z.string().transform(sessionId), model: z.string() });

/** A text of this many ids stays well within the longest statement that a warehouse must take. */
const KEYS_PER_QUERY = 4000;

/** As the rows of `sessions` have it. */
export class SqlOutcomeModels implements OutcomeModelNames {
  readonly #warehouse: Warehouse;

  constructor(warehouse: Warehouse) {
    this.#warehouse = warehouse;
  }

  counts(): Promise<readonly NamedByTenant[]> {
    return this.#warehouse.query(
      countRow,
      `SELECT tenant, outcome_model AS model, ${SESSION_COUNT} AS sessions
       FROM sessions FINAL WHERE notEmpty(turns.id) GROUP BY tenant, outcome_model ORDER BY tenant, outcome_model`,
    );
  }

  async of(sessions: readonly SessionKey[]): ReturnType<OutcomeModelNames['of']> {
    const named: (SessionKey & { readonly model: string })[] = [];
    for (const [tenant, keys] of Map.groupBy(sessions, (one) => one.tenant)) {
      for (let start = 0; start < keys.length; start += KEYS_PER_QUERY) {
        const some = keys.slice(start, start + KEYS_PER_QUERY).map(({ session }) => session);
        const rows = await this.#warehouse.query(
          nameRow,
          `SELECT session, outcome_model AS model FROM sessions FINAL
           WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)}`,
          { tenant, sessions: some },
        );
        named.push(...rows.map((row) => ({ tenant, ...row })));
      }
    }
    return named;
  }
}
