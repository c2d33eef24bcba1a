import type { EventLog } from '@heed/events';
import type { RetentionStore, WarehouseExpiry } from '@heed/retention';
import { PART_EVENTS, type WarehouseCopies, type WarehouseCopy, type WarehouseRebuild } from '@heed/sessions';
import { asNamed, otherwiseJudged } from './as-named.ts';
import type { ProjectionRules } from './derive-touched.ts';
import { ExpireSessions } from './expire-sessions.ts';
import { gatherSessions, type Gathering } from './gather-sessions.ts';
import { projectApart } from './project-apart.ts';
import { PROJECTOR_GROUP } from '@heed/platform';
import type { Projector } from './projector.ts';
import { readAhead } from './read-ahead.ts';
import { storeBegunEmpty } from './store-begun-empty.ts';

/** Read from the log at once; one such batch is read ahead. */
const BATCH = { maxBatch: 16_000, maxBytes: 32 * 1024 * 1024 };

/** Sessions under way together. */
const HELD: Gathering = { entries: 64_000, characters: 64 * 1024 * 1024, ofOneSession: PART_EVENTS };

export interface ReplayParts {
  readonly log: EventLog;
  readonly copies: WarehouseCopies;
  readonly rules: ProjectionRules;
  /** Keeps the live projection still while the copy is made. */
  readonly whilePaused: Projector['whilePaused'];
  /** By what was drawn for the live one the copy is cut as well. All is kept when absent. */
  readonly retention?: ReplayedRetention;
}

export interface ReplayedRetention extends Pick<RetentionStore, 'horizons'> {
  readonly live: WarehouseExpiry;
}

/**
 * Builds the warehouse anew from the log, by the way that built the live one. The live one stands still meanwhile, and the
 * copy is made of the entries that it has taken in: whatever came later is projected afterwards.
 */
export class ReplayLog implements WarehouseRebuild {
  readonly #parts: ReplayParts;

  constructor(parts: ReplayParts) {
    this.#parts = parts;
  }

  run(...args: Parameters<WarehouseRebuild['run']>): ReturnType<WarehouseRebuild['run']> {
    return this.#parts.whilePaused(() => this.#rebuild(...args));
  }

  async #rebuild(
    ...[purpose, progress]: Parameters<WarehouseRebuild['run']>
  ): ReturnType<WarehouseRebuild['run']> {
    const { log, copies } = this.#parts;
    const { entries: waiting } = await log.lag(PROJECTOR_GROUP);
    const accepted = (await log.counts()).reduce((total, tenant) => total + tenant.accepted, 0);
    // What is on record as expired and was cut off while it was removed.
    await this.#expire(this.#parts.retention?.live);
    const copy = await copies.begin();
    try {
      const rules = await this.#rulesFor(purpose, copy);
      const store = storeBegunEmpty(copy.sessions);
      const projected = readAhead(log.replay({ ...BATCH, committedBy: PROJECTOR_GROUP }));
      let events = 0;
      for await (const batch of gatherSessions(projected, HELD)) {
        await projectApart(batch, store, rules);
        events += batch.length;
        progress('replaying', events, Math.max(events, accepted - waiting));
      }
      await this.#expire(this.#expiryOf(copy, rules));
      progress('counting', 0, 1);
      await copy.recount();
      progress(purpose === 'compare' ? 'comparing' : 'replacing', 0, 1);
      if (purpose === 'replace') return { events, tables: await copy.replace(), otherwiseJudged: 0 };
      const otherwise = await otherwiseJudged(this.#parts.rules.defects, copy.liveOutcomeModels);
      return { events, tables: await copy.compare(), otherwiseJudged: otherwise };
    } finally {
      await copy.discard();
    }
  }

  /** What is compared is derived by the models that the live one was; what takes its place by those in force. */
  async #rulesFor(
    purpose: 'compare' | 'replace',
    { liveOutcomeModels }: WarehouseCopy,
  ): Promise<ProjectionRules> {
    const { rules } = this.#parts;
    if (purpose === 'replace' || rules.defects === undefined) return rules;
    return { ...rules, defects: await asNamed(rules.defects, liveOutcomeModels) };
  }

  /** The copy holds again what the log has not let go of. */
  #expiryOf({ expirable }: WarehouseCopy, rules: ProjectionRules): WarehouseExpiry {
    return new ExpireSessions(expirable, rules, () => Promise.resolve());
  }

  async #expire(warehouse: WarehouseExpiry | undefined): Promise<void> {
    const drawn = await this.#parts.retention?.horizons();
    for (const [tenant, horizons] of drawn ?? []) await warehouse?.expire(tenant, horizons);
  }
}
