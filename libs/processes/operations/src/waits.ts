import { entriesAhead, type LogLag } from '@heed/events';
import type { TenantId } from '@heed/kernel';

/** Waits that are remembered of one tenant's keys; the one not heard of for longest is forgotten first. */
const MOST = 100;

/**
 * Where the log ended when somebody began to wait. A wait that is forgotten, or asked of another process, begins again where the log ends then: it may
 * take longer, and never ends too early.
 */
export class Waits {
  readonly #goals = new Map<TenantId | null, Map<string, Pick<LogLag, 'partitions'>>>();

  /** How much of what was in the log when this name was first heard is still to be read. */
  ahead(tenant: TenantId | null, name: string, now: LogLag): number {
    const goals = this.#goals.get(tenant) ?? new Map<string, Pick<LogLag, 'partitions'>>();
    this.#goals.set(tenant, goals);
    const goal = goals.get(name) ?? { partitions: now.partitions };
    const ahead = entriesAhead(goal, now);
    goals.delete(name);
    if (ahead > 0) goals.set(name, goal);
    if (goals.size > MOST) forgetOldest(goals);
    return ahead;
  }
}

function forgetOldest(goals: Map<string, unknown>): void {
  const [oldest] = goals.keys();
  if (oldest !== undefined) goals.delete(oldest);
}
