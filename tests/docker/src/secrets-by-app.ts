/** What each process is given of what is secret: just what it works with. Chart and compose file are held to it. */
export const SECRETS_BY_APP = {
  collector: ['DATABASE_URL', 'HEED_KAFKA_PASSWORD'],
  projector: ['DATABASE_URL', 'HEED_CLICKHOUSE_PASSWORD', 'HEED_KAFKA_PASSWORD'],
  learner: ['DATABASE_URL', 'HEED_CLICKHOUSE_PASSWORD'],
  control: ['DATABASE_URL', 'HEED_CLICKHOUSE_PASSWORD', 'HEED_KAFKA_PASSWORD', 'HEED_OWNER_KEY'],
} as const;

export const SECRETS: ReadonlySet<string> = new Set(Object.values(SECRETS_BY_APP).flat());
