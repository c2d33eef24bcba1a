import { ImportProgressStore, removeEntriesFrom } from '@heed/event-log-postgres';
import { postgresBundleStore, postgresEventStore, postgresRetentionStore } from '@heed/event-store';
import type { EventLog } from '@heed/events';
import { ThreadTrainer } from '@heed/onnx';
import { otlpCodec } from '@heed/otlp';
import {
  BUNDLE_SIGNER,
  BUNDLE_STORE,
  CHAIN_STORE,
  CLOCK,
  ERASURE_REGISTER,
  EVENT_LOG,
  EVENT_STORE,
  IMPORT_PROGRESS,
  KEY_RING,
  LOG,
  measuredLog,
  measuredSessionStore,
  METRICS,
  MODEL_FILES,
  MODEL_SCORERS,
  MODEL_WATCH,
  MODEL_WATCH_SETTINGS,
  OBSERVED_TURNS,
  REDACT,
  RETENTION_SETTINGS,
  RETENTION_STORE,
  REWARD_TRAINER,
  SCORED_LOG,
  SESSION_STORE,
  SETTINGS,
  systemClock,
  TRACE_CODEC,
  tracedLog,
  TOUCHED_EVENTS,
  TRACING,
  WAREHOUSE_EXPIRY,
  WAREHOUSE_FORGETTING,
  WAREHOUSE_READER,
  WATCHED_LOG,
} from '@heed/platform';
import type { BundleSigner } from '@heed/policies';
import type { Postgres } from '@heed/postgres';
import {
  ExpireSessions,
  ForgetSessions,
  type ProjectionRules,
  type ReplayedRetention,
} from '@heed/projector';
import type { WarehouseExpiry } from '@heed/retention';
import { PostgresErasureRegister } from '@heed/vault';
import {
  SqlExpirableRows,
  SqlForgettableRows,
  SqlWarehouseReader,
  WarehouseObservedTurns,
  WarehouseScoredLog,
  WarehouseSessionStore,
  WarehouseTouchedEvents,
  WarehouseWatchedLog,
  type Warehouse,
  type WarehouseChainStore,
} from '@heed/warehouse';
import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { AppMeans } from './app-means.ts';
import type { AppModels } from './app-models.ts';
import { readRedactionRules, redactBy } from './redaction.ts';
import { directoriesIn } from './setting-shapes.ts';
import type { HeedSettings } from './settings.ts';
import { HEED_VERSION } from './version.ts';

/** A port bound to what stands behind it. */
export type Port = Provider & { readonly provide: symbol };

/** Ports bound to stores, known to every process of the app. */
@Global()
@Module({})
export class PortsModule {
  static over(...ports: readonly (readonly Port[])[]): DynamicModule {
    const providers = ports.flat();
    return { module: PortsModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}

/** What every app has. */
export function ownPorts(settings: HeedSettings, { ring, metrics, log, tracing }: AppMeans): readonly Port[] {
  const { redactionFile } = settings;
  return [
    ...(redactionFile === undefined
      ? []
      : [{ provide: REDACT, useValue: redactBy(readRedactionRules(redactionFile), metrics) }]),
    { provide: CLOCK, useValue: systemClock },
    { provide: LOG, useValue: log },
    { provide: METRICS, useValue: metrics },
    { provide: TRACING, useValue: tracing },
    { provide: SETTINGS, useValue: { unlabelledEnds: settings.mining.unlabelledEnds } },
    { provide: KEY_RING, useValue: ring },
  ];
}

export function logPort(log: EventLog, { metrics, tracing }: AppMeans): readonly Port[] {
  return [{ provide: EVENT_LOG, useValue: tracedLog(measuredLog(log, metrics, systemClock), tracing) }];
}

/** What the edge has beside the log. */
export function edgePorts(postgres: Postgres): readonly Port[] {
  return [
    { provide: TRACE_CODEC, useValue: otlpCodec },
    { provide: IMPORT_PROGRESS, useValue: new ImportProgressStore(postgres) },
  ];
}

export function warehousePorts(
  { orphans }: HeedSettings,
  { warehouse, chains }: { readonly warehouse: Warehouse; readonly chains: WarehouseChainStore },
  { metrics }: AppMeans,
): readonly Port[] {
  const bounds = { waitMs: orphans.waitMinutes * 60_000, perSession: orphans.perSession };
  const exclusively = <T>(work: () => Promise<T>): Promise<T> => chains.exclusively(work);
  return [
    { provide: SESSION_STORE, useValue: measuredSessionStore(new WarehouseSessionStore(warehouse), metrics) },
    { provide: CHAIN_STORE, useValue: chains },
    { provide: WAREHOUSE_READER, useValue: new SqlWarehouseReader(warehouse, exclusively, bounds) },
  ];
}

export function decisionPort(postgres: Postgres): readonly Port[] {
  return [{ provide: EVENT_STORE, useValue: postgresEventStore(postgres) }];
}

/** What retention takes: its rules and horizons, the rows of the warehouse, and the entries of a log in the database. */
export function retentionPorts(
  { retention: { days, everyMinutes } }: HeedSettings,
  { postgres, log, warehouse }: { postgres: Postgres; log: EventLog; warehouse: Warehouse },
  rules: ProjectionRules,
): readonly Port[] {
  return [
    { provide: RETENTION_STORE, useValue: postgresRetentionStore(postgres) },
    { provide: WAREHOUSE_EXPIRY, useValue: liveExpiry(postgres, log, warehouse, rules) },
    { provide: RETENTION_SETTINGS, useValue: { days: days ?? null, everyMs: everyMinutes * 60_000 } },
  ];
}

/** What a replay has to do with retention. */
export function replayedRetention(
  postgres: Postgres,
  log: EventLog,
  warehouse: Warehouse,
  rules: ProjectionRules,
): ReplayedRetention {
  const store = postgresRetentionStore(postgres);
  return { horizons: () => store.horizons(), live: liveExpiry(postgres, log, warehouse, rules) };
}

/** A log from which nothing can be taken keeps what expired until its own retention is over; until then it is counted. */
function liveExpiry(
  postgres: Postgres,
  log: EventLog,
  warehouse: Warehouse,
  rules: ProjectionRules,
): WarehouseExpiry {
  const rows = new SqlExpirableRows(warehouse);
  const letGo = log.removesTenants
    ? removeEntriesFrom(postgres)
    : (...args: Parameters<typeof rows.noteExpired>) => rows.noteExpired(...args);
  return new ExpireSessions(rows, rules, letGo);
}

/** What forgetting a user takes: the keys' register, and the rows of the warehouse. */
export function forgettingPorts(
  postgres: Postgres,
  warehouse: Warehouse,
  rules: ProjectionRules,
): readonly Port[] {
  const rows = new SqlForgettableRows(warehouse);
  return [
    { provide: ERASURE_REGISTER, useValue: new PostgresErasureRegister(postgres) },
    { provide: WAREHOUSE_FORGETTING, useValue: new ForgetSessions(rows, rules) },
    { provide: TOUCHED_EVENTS, useValue: new WarehouseTouchedEvents(warehouse) },
  ];
}

/** What recording a training takes, where nobody forgets users nor applies retention: what both have done meanwhile. */
export function trainingRecordPorts(postgres: Postgres, warehouse: Warehouse): readonly Port[] {
  return [
    { provide: ERASURE_REGISTER, useValue: new PostgresErasureRegister(postgres) },
    { provide: TOUCHED_EVENTS, useValue: new WarehouseTouchedEvents(warehouse) },
    { provide: RETENTION_STORE, useValue: postgresRetentionStore(postgres) },
  ];
}

/** What training takes: the turns, and a thread; and where the scores go that models give to the turns. */
export function trainingPorts(settings: EncoderPlace, warehouse: Warehouse): readonly Port[] {
  return [
    { provide: OBSERVED_TURNS, useValue: new WarehouseObservedTurns(warehouse) },
    { provide: SCORED_LOG, useValue: new WarehouseScoredLog(warehouse) },
    { provide: REWARD_TRAINER, useValue: trainerFor(settings) },
  ];
}

/** What the watch over models takes: the latest turns and what was taken back, and a thread. */
export function watchPorts(
  settings: Pick<HeedSettings, 'models' | 'encoders'>,
  warehouse: Warehouse,
): readonly Port[] {
  const { models } = settings;
  const watch = { everyMs: models.watchMinutes * 60_000, retractedShare: models.retractedShare };
  return [
    { provide: WATCHED_LOG, useValue: new WarehouseWatchedLog(warehouse) },
    { provide: MODEL_WATCH, useValue: trainerFor(settings) },
    { provide: MODEL_WATCH_SETTINGS, useValue: watch },
  ];
}

export function modelPorts({ files, scorers }: AppModels): readonly Port[] {
  return [
    { provide: MODEL_FILES, useValue: files },
    { provide: MODEL_SCORERS, useValue: scorers },
  ];
}

function trainerFor({ encoders }: EncoderPlace): ThreadTrainer {
  return new ThreadTrainer(HEED_VERSION, { encoders: directoriesIn(encoders) });
}

type EncoderPlace = Pick<HeedSettings, 'encoders'>;

export function bundlePorts(postgres: Postgres, signer: BundleSigner): readonly Port[] {
  return [
    { provide: BUNDLE_STORE, useValue: postgresBundleStore(postgres) },
    { provide: BUNDLE_SIGNER, useValue: signer },
  ];
}
