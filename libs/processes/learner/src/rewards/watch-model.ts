import type { TenantId } from '@heed/kernel';
import {
  CLOCK,
  MODEL_WATCH,
  MODEL_WATCH_SETTINGS,
  REWARD_MODELS,
  WATCHED_LOG,
  type Clock,
} from '@heed/platform';
import { modelId, type RewardModels, type StaleReason } from '@heed/policies';
import {
  modelDriftOf,
  TakenBackTally,
  type ModelCard,
  type ModelDrift,
  type ModelWatch,
  type TakenBack,
  type TrainingWatch,
  type WatchedLog,
  type WrittenModel,
} from '@heed/rewards';
import { Inject, Injectable } from '@nestjs/common';
import { TrainRewardModel } from './train-reward-model.ts';
import { WorkQueue } from './work-queue.ts';

export interface ModelWatchSettings {
  /** Milliseconds between two looks at the live models; 0 looks at none by itself. */
  readonly everyMs: number;
  /** Of the examples of a class, those whose reactions were taken back: from this share on, 0 to 1, a model is stale. */
  readonly retractedShare: number;
}

/** Turns that a model is held against: as many tell a share to within two points. */
const MOST_TURNS = 2000;
const STEPS = 3;
const WHO = 'heed:learner';

/** Whether a model still holds: turns are such as it was trained on, and the reactions that it learned from stand. One that does not is marked stale. */
@Injectable()
export class WatchModel {
  readonly #training: Pick<TrainRewardModel, 'written'>;
  readonly #log: WatchedLog;
  readonly #watch: ModelWatch;
  readonly #models: Pick<RewardModels, 'find' | 'markStale'>;
  readonly #settings: ModelWatchSettings;
  readonly #clock: Clock;
  /** Each look takes a thread. */
  readonly #queue = new WorkQueue();

  constructor(
    @Inject(TrainRewardModel) training: Pick<TrainRewardModel, 'written'>,
    @Inject(WATCHED_LOG) log: WatchedLog,
    @Inject(MODEL_WATCH) watch: ModelWatch,
    @Inject(REWARD_MODELS) models: Pick<RewardModels, 'find' | 'markStale'>,
    @Inject(MODEL_WATCH_SETTINGS) settings: ModelWatchSettings,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#training = training;
    this.#log = log;
    this.#watch = watch;
    this.#models = models;
    this.#settings = settings;
    this.#clock = clock;
  }

  /** By id or name. Holds `MOST_TURNS` turns. Throws as `written` of the training does, and Fault `work-queue-full`. */
  async look(tenant: TenantId, idOrName: string, watch: TrainingWatch): Promise<ModelDrift> {
    const model = await this.#training.written(tenant, idOrName);
    return this.#queue.run(tenant, watch, () => this.#look(tenant, model, watch));
  }

  async #look(
    tenant: TenantId,
    model: WrittenModel,
    { progress, signal }: TrainingWatch,
  ): Promise<ModelDrift> {
    const { card } = model;
    progress({ step: 'reading turns', done: 0, of: STEPS });
    const sinceMs = Date.parse(card.window.to);
    const turns = await this.#log.recent(tenant, card.features.reading, sinceMs, MOST_TURNS);
    const answered = turns.filter(({ response }) => response !== '');
    progress({ step: 'reading what was taken back', done: 1, of: STEPS });
    const takenBack = await this.#takenBack(tenant, card, signal);
    progress({ step: 'holding turns against those of training', done: 2, of: STEPS });
    const report = await this.#watch.drift(answered, model, signal);
    const { retractedShare } = this.#settings;
    const drift = modelDriftOf(card, answered.length, report, takenBack, retractedShare);
    return { ...drift, stale: await this.#marked(tenant, drift, takenBack) };
  }

  async #takenBack(tenant: TenantId, card: ModelCard, signal: AbortSignal): Promise<TakenBack> {
    const tally = new TakenBackTally(card);
    for await (const some of this.#log.retracted(tenant)) {
      signal.throwIfAborted();
      tally.take(some);
    }
    return tally.result();
  }

  /** What its record says afterwards: a model that is stale already keeps its first reason. */
  async #marked(
    tenant: TenantId,
    drift: Omit<ModelDrift, 'stale'>,
    { events }: TakenBack,
  ): Promise<ModelDrift['stale']> {
    const found = staleReasonOf(drift, events);
    if (found !== null) {
      const by = { atMs: this.#clock.nowMs(), who: WHO, why: found.why };
      await this.#models.markStale(tenant, [modelId(drift.model)], found.reason, by);
    }
    const stale = (await this.#models.find(tenant, drift.model))?.stale ?? null;
    return stale && { because: stale.because, why: stale.why, at: new Date(stale.atMs).toISOString() };
  }
}

/** What was learned from and holds no more weighs heavier than what came since. */
function staleReasonOf(
  { verdict, says, rows, bound, takenBack }: Omit<ModelDrift, 'stale'>,
  events: readonly string[],
): { readonly reason: StaleReason; readonly why: string } | null {
  if (takenBack.isStale) return { reason: { because: 'retraction', events }, why: takenBack.says };
  if (verdict !== 'stale') return null;
  const figures = rows
    .filter(({ isStale }) => isStale)
    .map(({ name, beyondChance }) => ({ of: name, measured: beyondChance, bound }));
  return { reason: { because: 'drift', figures }, why: says };
}
