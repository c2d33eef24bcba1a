import { Fault, type TenantId } from '@heed/kernel';
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
  /** Of the examples of a class, those that are of it no more since reactions were taken back: from this share on, 0 to 1, a model is stale. */
  readonly retractedShare: number;
}

/** Turns that a model is held against: as many tell a share to within two points. */
const MOST_TURNS = 2000;
const STEPS = 3;
const WHO = 'heed:learner';
/** Clocks of collectors, and times that events are told with, go this far wrong at the most. */
const CLOCKS_MS = 24 * 3_600_000;

/** Whether a model still holds: turns are such as it was trained on, and the reactions that it learned from stand. One that does not is marked stale. */
@Injectable()
export class WatchModel {
  readonly #training: Pick<TrainRewardModel, 'card' | 'written'>;
  readonly #log: WatchedLog;
  readonly #watch: ModelWatch;
  readonly #models: Pick<RewardModels, 'find' | 'markStale'>;
  readonly #settings: ModelWatchSettings;
  readonly #clock: Clock;
  /** Each look takes a thread. */
  readonly #queue = new WorkQueue();

  constructor(
    @Inject(TrainRewardModel) training: Pick<TrainRewardModel, 'card' | 'written'>,
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

  /**
   * By id or name; one that is not there is told at once. Holds `MOST_TURNS` turns, from its place in the queue on, and the model. Throws as `written` of the training
   * does, and Fault `work-queue-full`.
   *
   * @param known what was taken back, where it was counted for several models together
   */
  async look(
    tenant: TenantId,
    idOrName: string,
    watch: TrainingWatch,
    known?: TakenBack,
  ): Promise<ModelDrift> {
    await this.#training.card(tenant, idOrName);
    return this.#queue.run(tenant, watch, async () =>
      this.#look(tenant, await this.#training.written(tenant, idOrName), watch, known),
    );
  }

  /** By one reading of the log for all of these models. One whose card cannot be read is left out: the look at it says why. Throws Fault `work-queue-full`. */
  async takenBack(
    tenant: TenantId,
    models: readonly string[],
    watch: TrainingWatch,
  ): Promise<ReadonlyMap<string, TakenBack>> {
    return this.#queue.run(tenant, watch, async () => {
      const watched: Watched[] = [];
      for (const model of models)
        for (const card of await this.#readableCard(tenant, model)) watched.push(watchedBy(card));
      await this.#count(tenant, watched, watch.signal);
      return new Map(watched.map(({ card, tally }) => [card.model, tally.result()]));
    });
  }

  async #readableCard(tenant: TenantId, model: string): Promise<readonly ModelCard[]> {
    try {
      return [await this.#training.card(tenant, model)];
    } catch (thrown) {
      if (thrown instanceof Fault) return [];
      throw thrown;
    }
  }

  async #look(
    tenant: TenantId,
    model: WrittenModel,
    { progress, signal }: TrainingWatch,
    known: TakenBack | undefined,
  ): Promise<ModelDrift> {
    const { card } = model;
    progress({ step: 'reading turns', done: 0, of: STEPS });
    const sinceMs = Date.parse(card.window.to);
    const turns = await this.#log.recent(tenant, card.features.reading, sinceMs, MOST_TURNS);
    const answered = turns.filter(({ response }) => response !== '');
    progress({ step: 'reading what was taken back', done: 1, of: STEPS });
    const takenBack = known ?? (await this.#takenBackOf(tenant, card, signal));
    progress({ step: 'holding turns against those of training', done: 2, of: STEPS });
    const report = await this.#watch.drift(answered, model, signal);
    const { retractedShare } = this.#settings;
    const drift = modelDriftOf(card, answered.length, report, takenBack, retractedShare);
    return { ...drift, stale: await this.#marked(tenant, drift, takenBack) };
  }

  async #takenBackOf(tenant: TenantId, card: ModelCard, signal: AbortSignal): Promise<TakenBack> {
    const watched = watchedBy(card);
    await this.#count(tenant, [watched], signal);
    return watched.tally.result();
  }

  /**
   * One reading for all of them, of what the first of them may not have known: received since its training began, or, where that was behind what came in, since the
   * last that it saw happen.
   */
  async #count(tenant: TenantId, watched: readonly Watched[], signal: AbortSignal): Promise<void> {
    if (watched.length === 0) return;
    const knew = watched.map(({ card }) => Math.min(Date.parse(card.trainedAt), Date.parse(card.window.to)));
    for await (const some of this.#log.retracted(tenant, Math.min(...knew) - CLOCKS_MS)) {
      signal.throwIfAborted();
      for (const { tally } of watched) tally.take(some);
    }
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

interface Watched {
  readonly card: ModelCard;
  readonly tally: TakenBackTally;
}

function watchedBy(card: ModelCard): Watched {
  return { card, tally: new TakenBackTally(card) };
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
