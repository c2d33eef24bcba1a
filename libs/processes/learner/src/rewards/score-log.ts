import type { LogScoresView, ScoreLogReport, ScoreLogRequest } from '@heed/contract';
import { Fault, type TenantId } from '@heed/kernel';
import { CLOCK, MODEL_SCORERS, REWARD_MODELS, SCORED_LOG, TRACING, type Clock } from '@heed/platform';
import { liveModel, type RewardModel, type RewardModels } from '@heed/policies';
import {
  isTrained,
  TRAINED_PURPOSES,
  type LogScores,
  type LogWindow,
  type ModelScorers,
  type Reading,
  type ScoredLog,
  type SessionToScore,
  type TrainingWatch,
} from '@heed/rewards';
import { traced, type Tracing } from '@heed/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { WorkQueue } from './work-queue.ts';

/** A tenant's live model over the turns of its log. What is scored is kept piece by piece: a run that was cut off goes on where it stopped. */
@Injectable()
export class ScoreLog {
  readonly #log: ScoredLog;
  readonly #models: Pick<RewardModels, 'find'>;
  readonly #scorers: ModelScorers;
  readonly #clock: Clock;
  readonly #tracing: Tracing;
  readonly #queue = new WorkQueue();

  constructor(
    @Inject(SCORED_LOG) log: ScoredLog,
    @Inject(REWARD_MODELS) models: Pick<RewardModels, 'find'>,
    @Inject(MODEL_SCORERS) scorers: ModelScorers,
    @Inject(CLOCK) clock: Clock,
    @Inject(TRACING) tracing: Tracing,
  ) {
    this.#log = log;
    this.#models = models;
    this.#scorers = scorers;
    this.#clock = clock;
    this.#tracing = tracing;
  }

  /** Throws the Faults of `liveModel`, `model-purpose-differs` for one that says nothing of single turns, and those of a model whose file is not there or not what it was. */
  async run(
    tenant: TenantId,
    idOrName: string,
    request: ScoreLogRequest,
    watch: TrainingWatch,
  ): Promise<ScoreLogReport> {
    await this.#live(tenant, idOrName);
    return this.#queue.run(tenant, watch, () =>
      traced(this.#tracing, 'score-log', {}, async (span) => {
        // Anew: another one may have gone live while this waited, or none is any more.
        const model = await this.#live(tenant, idOrName);
        const reading = readingOf(model);
        const startedMs = this.#clock.nowMs();
        const window = windowOf(request);
        const scoredNow = await this.#score(tenant, model, reading, window, watch);
        span.note({ 'heed.turns': scoredNow });
        const scores = await this.#log.scores(tenant, model.id, window);
        const seconds = (this.#clock.nowMs() - startedMs) / 1000;
        return { ...viewOf(model, scores), scoredNow, seconds };
      }),
    );
  }

  /** Of a model whether it is live or not: what it said stays. Throws Fault `model-unknown`. */
  async scores(tenant: TenantId, idOrName: string, request: ScoreLogRequest): Promise<LogScoresView> {
    const model = await this.#models.find(tenant, idOrName);
    if (model === null)
      throw new Fault('model-unknown', `There is no model ${idOrName}.`, 'List the models (heed models).');
    return viewOf(model, await this.#log.scores(tenant, model.id, windowOf(request)));
  }

  async #live(tenant: TenantId, idOrName: string): Promise<RewardModel> {
    return liveModel(await this.#models.find(tenant, idOrName), tenant, idOrName);
  }

  async #score(
    tenant: TenantId,
    model: RewardModel,
    reading: Reading,
    window: LogWindow,
    { progress, signal }: TrainingWatch,
  ): Promise<number> {
    const of = await this.#log.size(tenant, window);
    let [done, scored] = [0, 0];
    for await (const { sessions, unscored } of this.#log.read(tenant, model.id, window, reading)) {
      signal.throwIfAborted();
      if (unscored.length > 0) scored += await this.#scoreSome(tenant, model, unscored);
      done += sessions;
      // Sessions that came meanwhile are looked at too.
      progress({ step: 'score', done, of: Math.max(of, done) });
    }
    return scored;
  }

  async #scoreSome(
    tenant: TenantId,
    { id, version }: RewardModel,
    sessions: readonly SessionToScore[],
  ): Promise<number> {
    const turns = sessions.flatMap((session) => session.turns.filter((turn) => turn !== null));
    const { logits, probabilities } = await this.#scorers.score(tenant, version, turns);
    const given = turns
      .map((_, at) => ({ probability: probabilities[at] ?? NaN, logit: logits[at] ?? NaN }))
      .values();
    await this.#log.keep(
      tenant,
      id,
      sessions.map(({ session, said, turns: own }) => ({
        ...{ session, said },
        scores: own.map((turn) => (turn === null ? null : (given.next().value ?? null))),
      })),
    );
    return turns.length;
  }
}

function readingOf({ id, purpose }: RewardModel): Reading {
  if (isTrained(purpose)) return TRAINED_PURPOSES[purpose].reading;
  throw new Fault(
    'model-purpose-differs',
    `${id} is a ${purpose} model, which says nothing of single turns.`,
    'Name a model of `heed train love` or `heed train defect`.',
  );
}

function windowOf({ since, until }: ScoreLogRequest): LogWindow {
  return { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
}

function viewOf({ id }: RewardModel, { byDay, byPolicy, ...scores }: LogScores): LogScoresView {
  return { model: id, ...scores, byDay: [...byDay], byPolicy: [...byPolicy] };
}
