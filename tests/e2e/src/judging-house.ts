import { FollowLiveModels, ModelRegister } from '@heed/control';
import { logEntryOf, type EventLog } from '@heed/events';
import { Fault, type TenantId } from '@heed/kernel';
import { modelFolder, modelScorers, ThreadTrainer } from '@heed/onnx';
import { jsonLog, sha256Hex } from '@heed/platform';
import { modelId, type RewardModel } from '@heed/policies';
import { Projector, ReplayLog, TenantDefectModels, type ProjectionRules } from '@heed/projector';
import { TRAINED_PURPOSES, type ModelCard, type ModelFiles } from '@heed/rewards';
import { ruleModels, type RebuiltWarehouse } from '@heed/sessions';
import { inMemoryEventLog, inMemoryEventStore } from '@heed/testing';
import {
  SqlWarehouseCopies,
  WarehouseChainStore,
  WarehouseObservedTurns,
  WarehouseSessionStore,
  type Warehouse,
  type WarehouseMigration,
} from '@heed/warehouse';
import { z } from 'zod';

/** Sessions of more events go on in a further part. */
export const PART_EVENTS = 8;
const RECEIVED_MS = Date.UTC(2026, 3, 1);
const BY = { atMs: 0, who: 'ada', why: 'read the card' };

const turnRow = z.object({
  session: z.string(),
  turn: z.string(),
  outcome: z.string(),
  probability: z.number(),
  decidedBy: z.string(),
  model: z.string(),
  end: z.string(),
});
export type JudgedTurn = z.infer<typeof turnRow>;

/** Sessions, trainings and replays of one tenant, over a real warehouse and real models. */
export class JudgingHouse {
  readonly chains: WarehouseChainStore;
  /** What the projection had to say. */
  readonly said: string[] = [];
  leftToRules = 0;
  readonly #tenant: TenantId;
  readonly #warehouse: Warehouse;
  readonly #migrations: readonly WarehouseMigration[];
  readonly #files: ModelFiles;
  readonly #log: EventLog = inMemoryEventLog();
  readonly #store = inMemoryEventStore();
  readonly #models = new ModelRegister(this.#store, { nowMs: () => 0 });
  readonly #journal = jsonLog('info', (line) => this.said.push(line));
  #scorers: ReturnType<typeof modelScorers>;
  #rules: ProjectionRules;
  #projector: Projector;

  /** @param folder where models are kept */
  constructor(
    tenant: TenantId,
    warehouse: Warehouse,
    migrations: readonly WarehouseMigration[],
    folder: string,
  ) {
    this.#tenant = tenant;
    this.#warehouse = warehouse;
    this.#migrations = migrations;
    this.chains = new WarehouseChainStore(warehouse);
    this.#files = modelFolder(folder);
    [this.#scorers, this.#rules, this.#projector] = this.#started();
  }

  async close(): Promise<void> {
    await this.#projector.shutDown();
    await this.#scorers.close();
    await this.#log.close();
  }

  /** As a new process would begin: no model is loaded. */
  async restart(): Promise<void> {
    await this.#projector.shutDown();
    await this.#scorers.close();
    [this.#scorers, this.#rules, this.#projector] = this.#started();
  }

  async take(events: readonly object[]): Promise<void> {
    const tenant = this.#tenant;
    const entries = events.map(
      (event) =>
        logEntryOf({ tenant, receivedAtMs: RECEIVED_MS, body: JSON.stringify(event) }, { sha256: sha256Hex })
          .entry,
    );
    await this.#log.append(entries);
    await this.#projector.whenCaughtUp();
  }

  /** Trained, and on record. */
  async train(seed: number): Promise<ModelCard> {
    const tenant = this.#tenant;
    const { reading, rules } = TRAINED_PURPOSES.defect;
    const order = {
      tenant,
      name: 'defect',
      purpose: 'defect',
      reading,
      rules,
      seed,
      trainedAtMs: 0,
    } as const;
    const written = await new ThreadTrainer('0.0.0').train(
      new WarehouseObservedTurns(this.#warehouse).read(tenant, reading),
      order,
      { progress: () => undefined, signal: new AbortController().signal },
    );
    await this.#files.keep(tenant, written);
    await this.#record(written.card);
    return written.card;
  }

  move(card: ModelCard, kind: 'live' | 'retire'): Promise<RewardModel> {
    return this.#models.move(this.#tenant, modelId(card.model), kind, BY);
  }

  replay(purpose: 'compare' | 'replace'): Promise<RebuiltWarehouse> {
    const replay = new ReplayLog({
      log: this.#log,
      copies: new SqlWarehouseCopies(this.#warehouse, this.#migrations, this.chains),
      rules: this.#rules,
      whilePaused: (work) => this.#projector.whilePaused(work),
    });
    return replay.run(purpose, () => undefined);
  }

  /** Every turn by its session, as the warehouse has it. */
  turns(): Promise<readonly JudgedTurn[]> {
    return this.#warehouse.query(
      turnRow,
      `SELECT session, turn, outcome, probability, decidedBy, model, end FROM
         (SELECT session, turns.id AS turn, turns.outcome AS outcome, turns.outcome_probability AS probability,
            turns.outcome_decided_by AS decidedBy, outcome_model AS model, toString(chain_end) AS end
          FROM sessions FINAL ARRAY JOIN turns)
       ORDER BY session, turn`,
    );
  }

  #started(): [ReturnType<typeof modelScorers>, ProjectionRules, Projector] {
    const scorers = modelScorers(async (tenant, version) => {
      const file = await this.#files.file(tenant, version);
      if (file === null) throw new Fault('model-missing', 'The file is gone.', 'Put it back.');
      return file;
    });
    const defects = new TenantDefectModels({
      live: new FollowLiveModels(this.#store, this.#models),
      models: this.#models,
      cards: this.#files,
      scorers,
      journal: this.#journal,
      onLeftToRules: () => this.leftToRules++,
    });
    const rules = { models: ruleModels, defects, partEvents: PART_EVENTS };
    const store = new WarehouseSessionStore(this.#warehouse);
    const projector = new Projector(this.#log, store, { ...rules, maxBatch: 1000 }, this.#journal);
    projector.start();
    return [scorers, rules, projector];
  }

  #record({ model, name, purpose, file, features, gates }: ModelCard): Promise<RewardModel> {
    const trained = {
      ...{ id: modelId(model), tenant: this.#tenant, name, purpose, version: file.sha256 },
      ...{ featuresVersion: features.version, trainedAtMs: 0, card: file.sha256 },
      gates: gates.map(({ gate, passed, says }) => ({ gate, passed, says })),
    };
    return this.#models.trained(trained, BY);
  }
}
