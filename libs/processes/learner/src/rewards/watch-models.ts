import type { TenantId } from '@heed/kernel';
import { faultFields, isShuttingDown, waitUnless, type Log } from '@heed/platform';
import type { RewardModels } from '@heed/policies';
import type { TakenBack, TrainingWatch, WatchedLog } from '@heed/rewards';
import type { ModelWatchSettings, WatchModel } from './watch-model.ts';

export interface WatchParts {
  readonly log: Pick<WatchedLog, 'tenants'>;
  readonly models: Pick<RewardModels, 'all'>;
  readonly model: Pick<WatchModel, 'look' | 'takenBack'>;
  readonly settings: Pick<ModelWatchSettings, 'everyMs'>;
  readonly journal: Log;
}

/** Looks at every live model every so often, one after the other. Any number of processes may: a model goes stale once. */
export class WatchModels {
  readonly #parts: WatchParts;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** The first look is after the first wait: nothing has come by starting. */
  start(): void {
    if (this.#parts.settings.everyMs > 0) this.#running ??= this.#run();
  }

  /** Resolves when the model in hand is let go. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the watch over models is stopped'));
    await this.#running;
  }

  /** One look at each live model that is not stale yet. What fails for a tenant or a model keeps no other waiting, and is tried again the next time. */
  async round(): Promise<void> {
    let looked = 0;
    for (const tenant of await this.#parts.log.tenants()) {
      await this.#orTell({ tenant }, async () => {
        const models = await this.#toLookAt(tenant);
        if (models.length === 0) return;
        let takenBack: ReadonlyMap<string, TakenBack> = new Map();
        // Where they cannot be counted together, each look counts its own.
        await this.#orTell({ tenant }, async () => {
          takenBack = await this.#parts.model.takenBack(tenant, models, this.#quietly());
        });
        for (const model of models) {
          if (this.#stopping.signal.aborted) return;
          looked++;
          await this.#orTell({ tenant, model }, () => this.#look(tenant, model, takenBack.get(model)));
        }
      });
      if (this.#stopping.signal.aborted) return;
    }
    this.#parts.journal.info('models-watched', { models: looked });
  }

  async #toLookAt(tenant: TenantId): Promise<readonly string[]> {
    const models = await this.#parts.models.all(tenant);
    return models.filter(({ status, stale }) => status === 'live' && stale === null).map(({ id }) => id);
  }

  async #look(tenant: TenantId, model: string, takenBack: TakenBack | undefined): Promise<void> {
    const { stale } = await this.#parts.model.look(tenant, model, this.#quietly(), takenBack);
    if (stale !== null)
      this.#parts.journal.warn('model-went-stale', { tenant, model, because: stale.because });
  }

  #quietly(): TrainingWatch {
    return { progress: () => undefined, signal: this.#stopping.signal };
  }

  async #orTell(of: Readonly<Record<string, string>>, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      if (this.#stopping.signal.aborted || isShuttingDown(thrown)) return;
      this.#parts.journal.error('model-watch-failed', { ...of, ...faultFields(thrown) });
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    for (;;) {
      await waitUnless(signal, this.#parts.settings.everyMs);
      if (signal.aborted) return;
      await this.#orTell({}, () => this.round());
    }
  }
}
