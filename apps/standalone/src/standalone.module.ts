import { CollectorModule, Intake } from '@heed/collector';
import { ControlModule } from '@heed/control';
import { postgresBundleStore, postgresEventStore } from '@heed/event-store';
import { ImportProgressStore } from '@heed/event-log-postgres';
import { DEFAULT_EVENT_LIMITS } from '@heed/events';
import { ruleModels, type WarehouseRebuild } from '@heed/sessions';
import { LearnerModule } from '@heed/learner';
import { EXAMINE, OperationsModule, REDRIVE, type PauseProjection } from '@heed/operations';
import { otlpCodec } from '@heed/otlp';
import {
  BUNDLE_SIGNER,
  BUNDLE_STORE,
  CHAIN_STORE,
  CLOCK,
  EVENT_LOG,
  EVENT_STORE,
  HealthModule,
  IMPORT_PROGRESS,
  KEY_RING,
  LOG,
  measuredLog,
  measuredSessionStore,
  METRICS,
  MetricsModule,
  PAUSE_PROJECTION,
  SESSION_STORE,
  SETTINGS,
  systemClock,
  TRACE_CODEC,
  WAREHOUSE_READER,
  WAREHOUSE_REBUILD,
  type KeyRing,
  type Log,
  type Metrics,
} from '@heed/platform';
import type { BundleSigner } from '@heed/policies';
import { Projector, ProjectorModule, ReplayLog, type ProjectionRules } from '@heed/projector';
import { SqlWarehouseCopies, SqlWarehouseReader, WarehouseSessionStore } from '@heed/warehouse';
import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { courtesyToTheEdge } from './courtesy-to-the-edge.ts';
import { examineMachine } from './examine-machine.ts';
import type { Stores } from './open-stores.ts';
import { redriveThrough } from './redrive-through.ts';
import type { StandaloneSettings } from './settings.ts';

/** What a standalone has beside its stores. */
export interface StandaloneMeans {
  readonly signer: BundleSigner;
  readonly ring: KeyRing;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** All processes in one: every port bound to an embedded store, and the processes' own doors to each other opened. */
@Module({})
export class StandaloneModule {
  static over(settings: StandaloneSettings, stores: Stores, means: StandaloneMeans): DynamicModule {
    const event = { ...DEFAULT_EVENT_LIMITS, eventBytes: settings.ingest.maxEventBytes };
    const { maxBatchEvents, maxWaitingEvents: maxWaiting } = settings.ingest;
    const collector = CollectorModule.with({
      event,
      maxBatchEvents,
      maxBatch: 5000,
      maxAppends: 2,
      maxBatchChars: 32 * 1024 * 1024,
      maxWaiting,
      maxWaitingChars: 256 * 1024 * 1024,
    });
    const rules: ProjectionRules = { models: ruleModels };
    const projector = ProjectorModule.with({ ...rules, maxBatch: 48_000, courtesy: courtesyToTheEdge() });
    const replay = (live: Projector): WarehouseRebuild => replayOf(stores, rules, live);
    return {
      module: StandaloneModule,
      imports: [
        PortsModule.over(portsOf(settings, stores, means)),
        DoorsModule.between(collector, projector, replay),
        HealthModule,
        MetricsModule,
        LearnerModule,
        OperationsModule,
      ],
    };
  }
}

/** Ports bound to stores, known to every process. */
@Global()
@Module({})
class PortsModule {
  static over(providers: readonly (Provider & { readonly provide: symbol })[]): DynamicModule {
    return {
      module: PortsModule,
      providers: [...providers],
      exports: providers.map(({ provide }) => provide),
    };
  }
}

/** What processes offer each other. When they run apart, these are the calls that go over the network. */
@Global()
@Module({})
class DoorsModule {
  static between(
    collector: DynamicModule,
    projector: DynamicModule,
    replay: (live: Projector) => WarehouseRebuild,
  ): DynamicModule {
    return {
      module: DoorsModule,
      imports: [collector, projector, ControlModule],
      providers: [
        { provide: REDRIVE, inject: [Intake], useFactory: redriveThrough },
        { provide: WAREHOUSE_REBUILD, inject: [Projector], useFactory: replay },
        { provide: PAUSE_PROJECTION, inject: [Projector], useFactory: pauseOf },
      ],
      exports: [ControlModule, PAUSE_PROJECTION, REDRIVE, WAREHOUSE_REBUILD],
    };
  }
}

function pauseOf(live: Projector): PauseProjection {
  return (work) => live.whilePaused(work);
}

function replayOf(
  { log, warehouse, warehouseMigrations, chains }: Stores,
  rules: ProjectionRules,
  live: Projector,
): WarehouseRebuild {
  const copies = new SqlWarehouseCopies(warehouse, warehouseMigrations, chains);
  return new ReplayLog({ log, copies, rules, whilePaused: (work) => live.whilePaused(work) });
}

function portsOf(
  settings: StandaloneSettings,
  { postgres, log: eventLog, warehouse, chains }: Stores,
  { signer, ring, metrics, log }: StandaloneMeans,
): readonly (Provider & { readonly provide: symbol })[] {
  return [
    { provide: CLOCK, useValue: systemClock },
    { provide: LOG, useValue: log },
    { provide: SETTINGS, useValue: { unlabelledEnds: settings.mining.unlabelledEnds } },
    { provide: EVENT_LOG, useValue: measuredLog(eventLog, metrics, systemClock) },
    { provide: TRACE_CODEC, useValue: otlpCodec },
    { provide: IMPORT_PROGRESS, useValue: new ImportProgressStore(postgres) },
    {
      provide: SESSION_STORE,
      useValue: measuredSessionStore(new WarehouseSessionStore(warehouse), metrics),
    },
    { provide: METRICS, useValue: metrics },
    { provide: CHAIN_STORE, useValue: chains },
    {
      provide: WAREHOUSE_READER,
      useValue: new SqlWarehouseReader(warehouse, (work) => chains.exclusively(work), {
        waitMs: settings.orphans.waitMinutes * 60_000,
        perSession: settings.orphans.perSession,
      }),
    },
    { provide: KEY_RING, useValue: ring },
    { provide: EVENT_STORE, useValue: postgresEventStore(postgres) },
    { provide: BUNDLE_STORE, useValue: postgresBundleStore(postgres) },
    { provide: BUNDLE_SIGNER, useValue: signer },
    { provide: EXAMINE, useValue: () => examineMachine(settings.dataDir) },
  ];
}
