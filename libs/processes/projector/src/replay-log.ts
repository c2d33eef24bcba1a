import type { EventLog } from '@heed/events';
import type { WarehouseCopies, WarehouseRebuild } from '@heed/sessions';
import type { ProjectionRules } from './derive-touched.ts';
import { projectApart } from './project-apart.ts';
import { PROJECTOR_GROUP } from '@heed/platform';
import { MAX_BATCH_BYTES, type Projector } from './projector.ts';

const REPLAY_BATCH = 16_000;

export interface ReplayParts {
  readonly log: EventLog;
  readonly copies: WarehouseCopies;
  readonly rules: ProjectionRules;
  /** Keeps the live projection still while the copy is made. */
  readonly whilePaused: Projector['whilePaused'];
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
    const { log, copies, rules } = this.#parts;
    const { committed, entries: waiting } = await log.lag(PROJECTOR_GROUP);
    const accepted = (await log.counts()).reduce((total, tenant) => total + tenant.accepted, 0);
    const copy = await copies.begin();
    try {
      let events = 0;
      for await (const batch of log.replay({ maxBatch: REPLAY_BATCH, maxBytes: MAX_BATCH_BYTES })) {
        const projected = batch.filter(({ position }) => position <= committed);
        await projectApart(projected, copy.sessions, rules);
        events += projected.length;
        progress('replaying', events, Math.max(events, accepted - waiting));
      }
      progress('counting', 0, 1);
      await copy.recount();
      progress(purpose === 'compare' ? 'comparing' : 'replacing', 0, 1);
      const tables = purpose === 'compare' ? await copy.compare() : await copy.replace();
      return { events, tables };
    } finally {
      await copy.discard();
    }
  }
}
