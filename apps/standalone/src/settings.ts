import { DEFAULT_EVENT_LIMITS } from '@heed/events';
import { LOG_LEVELS, parseSettings } from '@heed/platform';
import { DEFAULT_ORPHAN_BOUNDS } from '@heed/sessions';
import { isIP } from 'node:net';
import { clickHouseName, clickHouseUrl } from '@heed/warehouse-clickhouse';
import { z } from 'zod';

const whole = (from: number, to: number): z.ZodCoercedNumber => {
  const error = `expected a whole number from ${from} to ${to}`;
  return z.coerce.number({ error }).int({ error }).min(from, { error }).max(to, { error });
};

const count = (fallback: number): z.ZodDefault<z.ZodCoercedNumber> =>
  whole(1, Number.MAX_SAFE_INTEGER).default(fallback);

const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, { error: `expected one of ${values.join(', ')}` });

/** Every setting of a standalone Heed. docs/settings.md is the table for users, and a test holds the two together. */
export const standaloneSettings = z.strictObject({
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
  databaseUrl: z
    .url({ protocol: /^postgres(ql)?$/, error: 'expected postgres://USER:PASSWORD@HOST:PORT/DATABASE' })
    .optional(),
  /** A ClickHouse server to keep the warehouse in, instead of the embedded engine. */
  clickhouse: z
    .strictObject({
      url: clickHouseUrl.optional(),
      user: z.string().min(1).default('default'),
      password: z.string().default(''),
      database: clickHouseName.default('heed'),
      cluster: clickHouseName.optional(),
    })
    .prefault({}),
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
});

export type StandaloneSettings = z.output<typeof standaloneSettings>;

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
  HEED_LOG_LEVEL: 'logLevel',
  HEED_MAX_BODY_BYTES: 'ingest.maxBodyBytes',
  HEED_MAX_EVENT_BYTES: 'ingest.maxEventBytes',
  HEED_MAX_BATCH_EVENTS: 'ingest.maxBatchEvents',
  HEED_MAX_WAITING_EVENTS: 'ingest.maxWaitingEvents',
  HEED_KEY_REQUESTS_PER_SECOND: 'keys.requestsPerSecond',
  HEED_ORPHAN_WAIT_MINUTES: 'orphans.waitMinutes',
  HEED_ORPHANS_PER_SESSION: 'orphans.perSession',
  HEED_UNLABELLED_ENDS: 'mining.unlabelledEnds',
} as const;

/** Variables that the command line and the tests read, and the service leaves alone. */
const NAMES_OF_OTHERS = ['HEED_URL', 'HEED_TENANT', 'HEED_KEY', 'HEED_SHARED', 'HEED_BENCH_PYTHON'];

/** @throws Fault `invalid-settings`, all faults together */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
  given: Readonly<Record<string, unknown>>,
): StandaloneSettings {
  return parseSettings(standaloneSettings, SETTING_NAMES, NAMES_OF_OTHERS, environment, given);
}
