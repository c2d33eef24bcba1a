import { DEFAULT_EVENT_LIMITS } from '@heed/events';
import { LOG_LEVELS, ownerKeyOf, parseSettings } from '@heed/platform';
import { DEFAULT_ORPHAN_BOUNDS } from '@heed/sessions';
import { isIP } from 'node:net';
import { clickHouseName, clickHouseUrl } from '@heed/warehouse-clickhouse';
import { z } from 'zod';
import { kafkaSettings } from './kafka-settings.ts';
import { directories, minutesBetween, oneOf, share, whole } from './setting-shapes.ts';
import { tracingSettings } from './tracing-settings.ts';

const OWNER_KEY_FORM =
  'expected heed_admin_ with 16 hexadecimal digits, _ and 43 characters of base64url (docs/keys.md says how to make one)';

const count = (fallback: number) => whole(1, Number.MAX_SAFE_INTEGER).default(fallback);

const databaseUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'expected postgres://USER:PASSWORD@HOST:PORT/DATABASE',
});

const clickHouse = z.strictObject({
  url: clickHouseUrl.optional(),
  user: z.string().min(1).default('default'),
  password: z.string().default(''),
  database: clickHouseName.default('heed'),
  cluster: clickHouseName.optional(),
});

/** Every setting of every app. docs/settings.md is the table for users, and a test holds the two together. */
export const heedSettings = z.strictObject({
  dataDir: z.string().min(1).default('heed-data'),
  /** Only this machine reaches 127.0.0.1; on any other address every request needs a key. */
  host: z
    .string()
    .refine((host) => isIP(host) !== 0, {
      error: 'expected an IP address of this machine, like 127.0.0.1, or 0.0.0.0 for all it has',
    })
    .default('127.0.0.1'),
  port: whole(0, 65_535).default(8585),
  /** A PostgreSQL server to keep log and decisions in, instead of the embedded one. */
  databaseUrl: databaseUrl.optional(),
  /** A ClickHouse server to keep the warehouse in, instead of the embedded engine. */
  clickhouse: clickHouse.prefault({}),
  /** A Kafka cluster to keep the log in, instead of the database. */
  kafka: kafkaSettings.prefault({}),
  /** An admin key that opens everything and stands in no store. */
  ownerKey: z
    .string()
    .refine((text) => ownerKeyOf(text) !== null, { error: OWNER_KEY_FORM })
    .optional(),
  logLevel: oneOf(LOG_LEVELS).default('warn'),
  demo: z.boolean().default(true),
  /** Whether other commands may find this service by its data folder; not when it runs for one command alone. */
  findable: z.boolean().default(true),
  ingest: z
    .strictObject({
      maxBodyBytes: count(64 * 1024 * 1024),
      maxEventBytes: count(DEFAULT_EVENT_LIMITS.eventBytes),
      maxBatchEvents: count(1000),
      maxWaitingEvents: count(50_000),
    })
    .prefault({}),
  keys: z.strictObject({ requestsPerSecond: count(1000) }).prefault({}),
  orphans: z
    .strictObject({
      waitMinutes: whole(0, 10_000_000).default(DEFAULT_ORPHAN_BOUNDS.waitMs / 60_000),
      perSession: whole(0, 10_000_000).default(DEFAULT_ORPHAN_BOUNDS.perSession),
    })
    .prefault({}),
  mining: z
    .strictObject({
      unlabelledEnds: oneOf(['unlabelled', 'success', 'failure', 'drop']).default('unlabelled'),
    })
    .prefault({}),
  /** Directories of sentence encoders, which trainings may use and models that were trained beside them need. */
  encoders: directories.optional(),
  /** A file of rules by which events are redacted before they enter the log. */
  redactionFile: z.string().min(1).optional(),
  retention: z
    .strictObject({
      /** Of tenants for which nothing was said; for ever when absent. */
      days: whole(1, 36_500).optional(),
      everyMinutes: minutesBetween(1).default(1440),
    })
    .prefault({}),
  /** Whether live reward models still hold. */
  models: z
    .strictObject({
      /** 0: nobody looks but who asks. */
      watchMinutes: minutesBetween(0).default(60),
      retractedShare: share('the examples of a class').default(0.01),
    })
    .prefault({}),
  /** Where Heed's own traces go. */
  tracing: tracingSettings.prefault({}),
});

export type HeedSettings = z.output<typeof heedSettings>;

/** Of an app that has no embedded stores: it meets the others in a database. */
export const serverSettings = heedSettings.extend({ databaseUrl });
export type ServerSettings = z.output<typeof serverSettings>;

/** Of one that reads or fills the warehouse. */
export const warehouseSettings = serverSettings.extend({
  clickhouse: clickHouse.extend({ url: clickHouseUrl }).prefault({ url: '' }),
});
export type WarehouseSettings = z.output<typeof warehouseSettings>;

/** Environment variable -> place in the settings. */
export const SETTING_NAMES = {
  HEED_DATA: 'dataDir',
  HEED_HOST: 'host',
  HEED_PORT: 'port',
  DATABASE_URL: 'databaseUrl',
  HEED_CLICKHOUSE_URL: 'clickhouse.url',
  HEED_CLICKHOUSE_USER: 'clickhouse.user',
  HEED_CLICKHOUSE_PASSWORD: 'clickhouse.password',
  HEED_CLICKHOUSE_DATABASE: 'clickhouse.database',
  HEED_CLICKHOUSE_CLUSTER: 'clickhouse.cluster',
  HEED_KAFKA_BROKERS: 'kafka.brokers',
  HEED_KAFKA_PREFIX: 'kafka.prefix',
  HEED_KAFKA_PARTITIONS: 'kafka.partitions',
  HEED_KAFKA_REPLICATION: 'kafka.replication',
  HEED_KAFKA_RETENTION_DAYS: 'kafka.retentionDays',
  HEED_KAFKA_SSL: 'kafka.ssl',
  HEED_KAFKA_USER: 'kafka.user',
  HEED_KAFKA_PASSWORD: 'kafka.password',
  HEED_KAFKA_MECHANISM: 'kafka.mechanism',
  HEED_OWNER_KEY: 'ownerKey',
  HEED_LOG_LEVEL: 'logLevel',
  HEED_MAX_BODY_BYTES: 'ingest.maxBodyBytes',
  HEED_MAX_EVENT_BYTES: 'ingest.maxEventBytes',
  HEED_MAX_BATCH_EVENTS: 'ingest.maxBatchEvents',
  HEED_MAX_WAITING_EVENTS: 'ingest.maxWaitingEvents',
  HEED_KEY_REQUESTS_PER_SECOND: 'keys.requestsPerSecond',
  HEED_ORPHAN_WAIT_MINUTES: 'orphans.waitMinutes',
  HEED_ORPHANS_PER_SESSION: 'orphans.perSession',
  HEED_ENCODERS: 'encoders',
  HEED_REDACTION_FILE: 'redactionFile',
  HEED_RETENTION_DAYS: 'retention.days',
  HEED_RETENTION_EVERY_MINUTES: 'retention.everyMinutes',
  HEED_UNLABELLED_ENDS: 'mining.unlabelledEnds',
  HEED_MODEL_WATCH_MINUTES: 'models.watchMinutes',
  HEED_MODEL_RETRACTED_SHARE: 'models.retractedShare',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'tracing.endpoint',
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'tracing.tracesEndpoint',
  OTEL_SERVICE_NAME: 'tracing.service',
  OTEL_RESOURCE_ATTRIBUTES: 'tracing.resource',
  OTEL_TRACES_SAMPLER: 'tracing.sampler',
  OTEL_TRACES_SAMPLER_ARG: 'tracing.ratio',
} as const;

/** Variables that the command line and the tests read, and the service leaves alone. */
const NAMES_OF_OTHERS = ['HEED_URL', 'HEED_TENANT', 'HEED_KEY', 'HEED_SHARED', 'HEED_BENCH_PYTHON'];

/**
 * @param given on the command line, before the environment
 * @param otherwise what holds where neither says anything, before what is everybody's default
 * @throws Fault `invalid-settings`, all faults together
 */
export function readSettings<Settings extends HeedSettings>(
  schema: z.ZodType<Settings>,
  environment: Readonly<Record<string, string | undefined>>,
  given: Readonly<Record<string, unknown>>,
  otherwise: Readonly<Record<string, unknown>> = {},
): Settings {
  return parseSettings(schema, SETTING_NAMES, NAMES_OF_OTHERS, {
    otherwise,
    environment: withoutEmpty(environment),
    given,
  });
}

/** An empty variable of OpenTelemetry's is none, as its specification says; one of Heed's is a mistake. */
function withoutEmpty(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => value !== '' || !name.startsWith('OTEL_')),
  );
}
