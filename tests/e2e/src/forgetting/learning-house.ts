import { postgresEventLog } from '@heed/event-log-postgres';
import { postgresEventStore, postgresRetentionStore } from '@heed/event-store';
import { logEntryOf, type ErasureResult } from '@heed/events';
import { MarkModelsStale, ModelRegister, RecordTraining, recordRemoval } from '@heed/control';
import type { TenantId } from '@heed/kernel';
import { TrainRewardModel } from '@heed/learner';
import { modelFolder, ThreadTrainer } from '@heed/onnx';
import { Forgetting, type ForgettingParts } from '@heed/operations';
import { jsonLog, sha256Hex } from '@heed/platform';
import type { EventStore, RewardModel } from '@heed/policies';
import type { EmbeddedPostgres } from '@heed/postgres';
import { ForgetSessions, Projector } from '@heed/projector';
import type { ModelCard, ModelFiles, RewardTrainer } from '@heed/rewards';
import { ruleModels } from '@heed/sessions';
import { inMemoryTracing } from '@heed/testing';
import { openBodies, PostgresErasureRegister, PostgresKeyVault, sealedLog } from '@heed/vault';
import {
  SqlForgettableRows,
  WarehouseObservedTurns,
  WarehouseSessionStore,
  WarehouseTouchedEvents,
  type Warehouse,
} from '@heed/warehouse';
import { join } from 'node:path';
import { vi } from 'vitest';
import { KeptFixes } from './kept-fixes.ts';
import { NOON } from './traffic.ts';

const rules = { models: ruleModels };
const silent = jsonLog('silent', () => undefined);

/** Once, at a point of a training. */
type Then = () => Promise<unknown>;

/** Training and forgetting side by side, as two processes would have them: over the same stores. */
export class LearningHouse {
  readonly models: ModelRegister;
  readonly files: ModelFiles;
  readonly #store: EventStore;
  readonly #register: PostgresErasureRegister;
  readonly #log: ReturnType<typeof sealedLog>;
  readonly #projector: Projector;
  readonly #warehouse: Warehouse;
  readonly #training: TrainRewardModel;
  readonly #marking: MarkModelsStale;
  readonly #touched: WarehouseTouchedEvents;
  #nowMs = NOON;
  readonly #clock = { nowMs: () => this.#nowMs };
  /** The model is trained and not recorded. */
  whenTrained: Then | undefined;
  /** It is decided what is recorded of it. */
  whenDecided: Then | undefined;
  /** An erasure's events are gone, and no model was looked at. */
  beforeMarking: Then | undefined;
  /** All models there are were looked at, and the erasure is not finished. */
  afterMarking: Then | undefined;

  constructor(postgres: EmbeddedPostgres, warehouse: Warehouse, folder: string) {
    this.#warehouse = warehouse;
    this.#store = postgresEventStore(postgres);
    this.#register = new PostgresErasureRegister(postgres);
    const vault = new PostgresKeyVault(postgres);
    this.#log = sealedLog(postgresEventLog(postgres, openBodies(vault)), vault);
    const options = { ...rules, maxBatch: 1000, erasures: this.#register };
    this.#projector = new Projector(this.#log, new WarehouseSessionStore(warehouse), options, silent);
    this.#projector.start();
    const retention = postgresRetentionStore(postgres);
    this.#touched = new WarehouseTouchedEvents(warehouse);
    this.files = modelFolder(join(folder, 'models'));
    this.models = new ModelRegister(this.#store, this.#clock);
    this.#marking = new MarkModelsStale(this.models, this.files, retention, this.#store, this.#clock);
    const watched: EventStore = {
      ...this.#store,
      append: async (...given) => {
        await this.#take('whenDecided');
        return this.#store.append(...given);
      },
    };
    const register = new ModelRegister(watched, this.#clock);
    this.#training = new TrainRewardModel(
      new WarehouseObservedTurns(warehouse),
      this.#trainer(),
      this.files,
      register,
      new RecordTraining(register, watched, this.#register, this.#touched, retention, this.#clock),
      this.#clock,
      inMemoryTracing(),
    );
  }

  async close(): Promise<void> {
    await this.#projector.stop();
    await this.#log.close();
  }

  async take(tenant: TenantId, events: readonly object[]): Promise<void> {
    const entries = events.map((event) => {
      this.#nowMs += 1;
      const body = JSON.stringify(event);
      return logEntryOf({ tenant, receivedAtMs: this.#nowMs, body }, { sha256: sha256Hex }).entry;
    });
    await this.#log.append(entries);
    await this.#projector.whenCaughtUp();
  }

  train(tenant: TenantId, seed: number): Promise<ModelCard> {
    this.#nowMs += 1;
    const order = { positive: ['thumbs-up'], negative: ['thumbs-down'], seed };
    const watch = { progress: () => undefined, signal: new AbortController().signal };
    return this.#training.train(tenant, 'love', order, watch);
  }

  /** Of a model whose training has ended. */
  async model(tenant: TenantId, { model }: ModelCard): Promise<RewardModel> {
    const found = await this.models.find(tenant, model);
    if (found === null) throw new Error(`${model} is not on record`);
    return found;
  }

  erase(tenant: TenantId, user: string): Promise<ErasureResult> {
    return this.#forgetting(new ForgetSessions(new SqlForgettableRows(this.#warehouse), rules)).erase(
      tenant,
      user,
      undefined,
    );
  }

  /** Asked for, and its user's key destroyed, but the rows cannot be written for now. */
  async eraseInVain(tenant: TenantId, user: string): Promise<void> {
    const able = new ForgetSessions(new SqlForgettableRows(this.#warehouse), rules);
    const unable: ForgettingParts['warehouse'] = {
      reach: (...asked) => able.reach(...asked),
      forget: () => Promise.reject(new Error('the disk is full')),
    };
    await this.#forgetting(unable)
      .erase(tenant, user, undefined)
      .catch(() => undefined);
  }

  async carryOutPending(): Promise<void> {
    this.#nowMs += 10_000;
    const forgetting = this.#forgetting(new ForgetSessions(new SqlForgettableRows(this.#warehouse), rules));
    forgetting.start();
    await vi.waitUntil(async () => (await this.#register.pending(1)).length === 0, 60_000);
    await forgetting.stop();
  }

  async removeTenant(tenant: TenantId): Promise<void> {
    const by = { atMs: this.#nowMs, who: 'ada', why: 'they left' };
    await recordRemoval(this.#store, tenant, by, this.#nowMs);
    await this.files.remove(tenant);
  }

  async #take(point: 'whenTrained' | 'whenDecided' | 'beforeMarking' | 'afterMarking'): Promise<void> {
    const then = this[point];
    this[point] = undefined;
    await then?.();
  }

  #trainer(): RewardTrainer {
    const real = new ThreadTrainer('0.0.0');
    return {
      ...{ evaluate: (...asked) => real.evaluate(...asked), ask: (...asked) => real.ask(...asked) },
      train: async (...asked) => {
        const written = await real.train(...asked);
        await this.#take('whenTrained');
        return written;
      },
    };
  }

  #forgetting(warehouse: ForgettingParts['warehouse']): Forgetting {
    this.#nowMs += 1;
    return new Forgetting({
      ...{ log: this.#log, register: this.#register, warehouse, fixes: new KeptFixes(), journal: silent },
      whilePaused: (work) => this.#projector.whilePaused(work),
      models: {
        touched: this.#touched,
        stale: {
          markLeaningOn: async (...asked) => {
            await this.#take('beforeMarking');
            const marked = await this.#marking.markLeaningOn(...asked);
            await this.#take('afterMarking');
            return marked;
          },
        },
      },
      clock: this.#clock,
    });
  }
}
