import { ImportProgressStore, removeEntriesFrom } from '@heed/event-log-postgres';
import {
  postgresBundleStore,
  postgresEventStore,
  postgresModelFiles,
  postgresRetentionStore,
} from '@heed/event-store';
import type { EventLog } from '@heed/events';
import { Fault } from '@heed/kernel';
import { modelFolder, modelScorers, ThreadTrainer } from '@heed/onnx';
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
  OBSERVED_TURNS,
  REDACT,
  RETENTION_SETTINGS,
  RETENTION_STORE,
  REWARD_TRAINER,
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
} from '@heed/platform';
import type { BundleSigner } from '@heed/policies';
import type { Postgres } from '@heed/postgres';
import { ExpireSessions, ForgetSessions, type ReplayedRetention } from '@heed/projector';
import type { WarehouseExpiry } from '@heed/retention';
import { PostgresErasureRegister } from '@heed/vault';
import {
  SqlExpirableRows,
  SqlForgettableRows,
  SqlWarehouseReader,
  WarehouseObservedTurns,
  WarehouseSessionStore,
  WarehouseTouchedEvents,
  type Warehouse,
  type WarehouseChainStore,
} from '@heed/warehouse';
import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { AppMeans } from './app-means.ts';
import { projectionRules } from './process-modules.ts';
import { readRedactionRules, redactBy } from './redaction.ts';
import type { HeedSettings } from './settings.ts';
import { HEED_VERSION } from './version.ts';
import { join } from 'node:path';

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
): readonly Port[] {
  return [
    { provide: RETENTION_STORE, useValue: postgresRetentionStore(postgres) },
    { provide: WAREHOUSE_EXPIRY, useValue: liveExpiry(postgres, log, warehouse) },
    { provide: RETENTION_SETTINGS, useValue: { days: days ?? null, everyMs: everyMinutes * 60_000 } },
  ];
}

/** What a replay has to do with retention. */
export function replayedRetention(
  postgres: Postgres,
  log: EventLog,
  warehouse: Warehouse,
): ReplayedRetention {
  const store = postgresRetentionStore(postgres);
  return { horizons: () => store.horizons(), live: liveExpiry(postgres, log, warehouse) };
}

/** A log from which nothing can be taken keeps what expired until its own retention is over; until then it is counted. */
function liveExpiry(postgres: Postgres, log: EventLog, warehouse: Warehouse): WarehouseExpiry {
  const rows = new SqlExpirableRows(warehouse);
  const letGo = log.removesTenants
    ? removeEntriesFrom(postgres)
    : (...args: Parameters<typeof rows.noteExpired>) => rows.noteExpired(...args);
  return new ExpireSessions(rows, projectionRules, letGo);
}

/** What forgetting a user takes: the keys' register, and the rows of the warehouse. */
export function forgettingPorts(postgres: Postgres, warehouse: Warehouse): readonly Port[] {
  const rows = new SqlForgettableRows(warehouse);
  return [
    { provide: ERASURE_REGISTER, useValue: new PostgresErasureRegister(postgres) },
    { provide: WAREHOUSE_FORGETTING, useValue: new ForgetSessions(rows, projectionRules) },
    { provide: TOUCHED_EVENTS, useValue: new WarehouseTouchedEvents(warehouse) },
  ];
}

/** What training takes: the turns, and a thread. */
export function trainingPorts(warehouse: Warehouse): readonly Port[] {
  return [
    { provide: OBSERVED_TURNS, useValue: new WarehouseObservedTurns(warehouse) },
    { provide: REWARD_TRAINER, useValue: new ThreadTrainer(HEED_VERSION) },
  ];
}

/** Where models are kept, in the data folder unless a database server is named that others read too; what scores by them is loaded as it is asked for, and stays. */
export function modelPorts({ dataDir, databaseUrl }: ModelPlace, postgres: Postgres): readonly Port[] {
  const files =
    databaseUrl === undefined ? modelFolder(join(dataDir, 'models')) : postgresModelFiles(postgres);
  const scorers = modelScorers(async (tenant, version) => {
    const file = await files.file(tenant, version);
    if (file !== null) return file;
    throw new Fault(
      'model-missing',
      `The file of the model ${version.slice(0, 16)} is not where models are kept.`,
      'Put it back from a backup of the data folder or the database, or train again with `heed train`.',
    );
  });
  return [
    { provide: MODEL_FILES, useValue: files },
    { provide: MODEL_SCORERS, useValue: scorers },
  ];
}

interface ModelPlace {
  readonly dataDir: string;
  readonly databaseUrl?: string | undefined;
}

export function bundlePorts(postgres: Postgres, signer: BundleSigner): readonly Port[] {
  return [
    { provide: BUNDLE_STORE, useValue: postgresBundleStore(postgres) },
    { provide: BUNDLE_SIGNER, useValue: signer },
  ];
}
