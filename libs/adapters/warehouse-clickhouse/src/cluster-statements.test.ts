import { fileURLToPath } from 'node:url';
import { openClickHouseFront, type ClickHouseFront } from '@heed/testing-clickhouse';
import { readWarehouseMigrations, type Warehouse } from '@heed/warehouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusterStatements } from './cluster-statements.ts';
import { openClickHouseWarehouse } from './open-clickhouse-warehouse.ts';

const PLACE = { cluster: 'c1', database: 'heed' };
const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../../migrations/clickhouse', import.meta.url)),
);

const SHARD = "'/clickhouse/tables/{uuid}/{shard}', '{replica}'";
const ALL = "'/clickhouse/tables/{uuid}/all', '{shard}-{replica}'";

type Change = readonly [from: string, to: string];

const replaced = (view: string): { readonly changes: readonly Change[] } => ({
  changes: [[`VIEW ${view} AS`, `VIEW ${view} ON CLUSTER c1 AS`]],
});
const inList: Change = ['(tenant, session) IN (SELECT ', '(tenant, session) GLOBAL IN (SELECT '];

/** What the cluster's form of each migration differs in from the file, and what stands in front of it. */
const FORMS: Readonly<Record<string, { readonly changes: readonly Change[]; readonly front?: string }>> = {
  '0001_filed_events.sql': {
    changes: [
      ['EXISTS filed_events\n', 'EXISTS filed_events_local ON CLUSTER c1\n'],
      ['ENGINE = ReplacingMergeTree\n', `ENGINE = ReplicatedReplacingMergeTree(${SHARD})\n`],
    ],
    front:
      "CREATE TABLE IF NOT EXISTS filed_events ON CLUSTER c1 AS filed_events_local ENGINE = Distributed('c1', 'heed', 'filed_events_local', cityHash64(tenant, session))",
  },
  '0002_sessions.sql': {
    changes: [
      ['EXISTS sessions\n', 'EXISTS sessions_local ON CLUSTER c1\n'],
      [
        'ENGINE = ReplacingMergeTree(version)\n',
        `ENGINE = ReplicatedReplacingMergeTree(${SHARD}, version)\n`,
      ],
    ],
    front:
      "CREATE TABLE IF NOT EXISTS sessions ON CLUSTER c1 AS sessions_local ENGINE = Distributed('c1', 'heed', 'sessions_local', cityHash64(tenant, session))",
  },
  '0003_dead_letters.sql': {
    changes: [
      ['EXISTS dead_letters\n', 'EXISTS dead_letters_local ON CLUSTER c1\n'],
      ['ENGINE = ReplacingMergeTree\n', `ENGINE = ReplicatedReplacingMergeTree(${SHARD})\n`],
    ],
    front:
      "CREATE TABLE IF NOT EXISTS dead_letters ON CLUSTER c1 AS dead_letters_local ENGINE = Distributed('c1', 'heed', 'dead_letters_local', cityHash64(tenant, key))",
  },
  '0004_day_marks.sql': {
    changes: [
      ['EXISTS day_marks\n', 'EXISTS day_marks ON CLUSTER c1\n'],
      [
        'ENGINE = SummingMergeTree((opened, closed))\n',
        `ENGINE = ReplicatedSummingMergeTree(${ALL}, (opened, closed))\n`,
      ],
    ],
  },
  '0005_day_counts_seen.sql': {
    changes: [
      ['EXISTS day_counts_seen\n', 'EXISTS day_counts_seen ON CLUSTER c1\n'],
      ['ENGINE = ReplacingMergeTree\n', `ENGINE = ReplicatedReplacingMergeTree(${ALL})\n`],
    ],
  },
  '0006_transitions.sql': {
    changes: [
      ['EXISTS transitions\n', 'EXISTS transitions ON CLUSTER c1\n'],
      ['ENGINE = MergeTree\n', `ENGINE = ReplicatedMergeTree(${ALL})\n`],
    ],
  },
  '0007_transitions_staging.sql': {
    changes: [['EXISTS transitions_staging\n', 'EXISTS transitions_staging ON CLUSTER c1\n']],
  },
  '0008_state_ends.sql': { changes: [['EXISTS state_ends AS', 'EXISTS state_ends ON CLUSTER c1 AS']] },
  '0009_turns.sql': { changes: [['EXISTS turns AS', 'EXISTS turns ON CLUSTER c1 AS']] },
  '0010_signals.sql': { changes: [['EXISTS signals AS', 'EXISTS signals ON CLUSTER c1 AS']] },
  '0011_labels.sql': { changes: [['EXISTS labels AS', 'EXISTS labels ON CLUSTER c1 AS']] },
  '0012_chain_steps.sql': { changes: [['EXISTS chain_steps AS', 'EXISTS chain_steps ON CLUSTER c1 AS']] },
  '0013_all_dead_letters.sql': {
    changes: [
      ['EXISTS all_dead_letters AS', 'EXISTS all_dead_letters ON CLUSTER c1 AS'],
      ['(tenant, session) IN (SELECT ', '(tenant, session) GLOBAL IN (SELECT '],
    ],
  },
  '0014_redrives.sql': {
    changes: [
      ['EXISTS redrives\n', 'EXISTS redrives ON CLUSTER c1\n'],
      ['ENGINE = ReplacingMergeTree\n', `ENGINE = ReplicatedReplacingMergeTree(${ALL})\n`],
    ],
  },
  '0015_orphaned_events.sql': {
    changes: [
      ['EXISTS orphaned_events AS', 'EXISTS orphaned_events ON CLUSTER c1 AS'],
      ['(tenant, session) IN (SELECT ', '(tenant, session) GLOBAL IN (SELECT '],
    ],
  },
  '0016_repeats.sql': {
    changes: [
      ['EXISTS repeats\n', 'EXISTS repeats_local ON CLUSTER c1\n'],
      ['ENGINE = ReplacingMergeTree\n', `ENGINE = ReplicatedReplacingMergeTree(${SHARD})\n`],
    ],
    front:
      "CREATE TABLE IF NOT EXISTS repeats ON CLUSTER c1 AS repeats_local ENGINE = Distributed('c1', 'heed', 'repeats_local', cityHash64(tenant, key))",
  },
  '0017_dead_letters_sealed_by.sql': {
    changes: [['TABLE dead_letters ADD', 'TABLE dead_letters_local ON CLUSTER c1 ADD']],
    front:
      "-- As in filed_events.\nALTER TABLE dead_letters ON CLUSTER c1 ADD COLUMN IF NOT EXISTS sealed_by String DEFAULT ''",
  },
  '0017_filed_events_sealed_by.sql': {
    changes: [['TABLE filed_events ADD', 'TABLE filed_events_local ON CLUSTER c1 ADD']],
    front:
      "-- What the event was sealed by in the log, '' where nobody's words are in it: by this it is found when it is to be forgotten. `rewritten` tells\n-- rows that an erasure wrote from those in whose place they are.\nALTER TABLE filed_events ON CLUSTER c1 ADD COLUMN IF NOT EXISTS sealed_by String DEFAULT '', ADD COLUMN IF NOT EXISTS rewritten UInt64 DEFAULT 0",
  },
  '0018_expired_entries.sql': {
    changes: [
      ['EXISTS expired_entries\n', 'EXISTS expired_entries_local ON CLUSTER c1\n'],
      ['ENGINE = ReplacingMergeTree\n', `ENGINE = ReplicatedReplacingMergeTree(${SHARD})\n`],
    ],
    front:
      "CREATE TABLE IF NOT EXISTS expired_entries ON CLUSTER c1 AS expired_entries_local ENGINE = Distributed('c1', 'heed', 'expired_entries_local', cityHash64(tenant, position))",
  },
  '0019_session_places.sql': {
    changes: [
      ['EXISTS session_places\n', 'EXISTS session_places_local ON CLUSTER c1\n'],
      ['ENGINE = ReplacingMergeTree(events)\n', `ENGINE = ReplicatedReplacingMergeTree(${SHARD}, events)\n`],
    ],
    front:
      "CREATE TABLE IF NOT EXISTS session_places ON CLUSTER c1 AS session_places_local ENGINE = Distributed('c1', 'heed', 'session_places_local', cityHash64(tenant, session))",
  },
  '0020_filed_events_apart.sql': {
    changes: [['TABLE filed_events ADD', 'TABLE filed_events_local ON CLUSTER c1 ADD']],
    front:
      '-- The event stands in another part of its session than the turn that it names: it is stored and has no effect.\nALTER TABLE filed_events ON CLUSTER c1 ADD COLUMN IF NOT EXISTS apart UInt8 DEFAULT 0',
  },
  '0021_sessions_continued.sql': {
    changes: [['TABLE sessions ADD', 'TABLE sessions_local ON CLUSTER c1 ADD']],
    front:
      '-- The row is the first part of a session in several; the others are named by the session, the unit separator and their number.\nALTER TABLE sessions ON CLUSTER c1 ADD COLUMN IF NOT EXISTS continued UInt8 DEFAULT 0',
  },
  '0022_turns_of_sessions.sql': replaced('turns'),
  '0023_signals_of_sessions.sql': replaced('signals'),
  '0024_labels_of_sessions.sql': replaced('labels'),
  '0025_chain_steps_of_sessions.sql': replaced('chain_steps'),
  '0026_all_dead_letters_of_sessions.sql': {
    changes: [...replaced('all_dead_letters').changes, inList],
  },
  '0027_orphaned_events_of_sessions.sql': {
    changes: [...replaced('orphaned_events').changes, inList],
  },
  '0028_filed_events_event_name.sql': {
    changes: [['TABLE filed_events ADD', 'TABLE filed_events_local ON CLUSTER c1 ADD']],
    front:
      "-- What kind of event it is, such as `turn`: known when it was erased, and has no body to tell it. '' where it is not known.\nALTER TABLE filed_events ON CLUSTER c1 ADD COLUMN IF NOT EXISTS event_name LowCardinality(String) DEFAULT ''",
  },
  '0029_scored_sessions.sql': {
    changes: [
      ['EXISTS scored_sessions\n', 'EXISTS scored_sessions_local ON CLUSTER c1\n'],
      ['ENGINE = ReplacingMergeTree\n', `ENGINE = ReplicatedReplacingMergeTree(${SHARD})\n`],
    ],
    front:
      "CREATE TABLE IF NOT EXISTS scored_sessions ON CLUSTER c1 AS scored_sessions_local ENGINE = Distributed('c1', 'heed', 'scored_sessions_local', cityHash64(tenant, session))",
  },
  '0030_sessions_said.sql': {
    changes: [['TABLE sessions ADD', 'TABLE sessions_local ON CLUSTER c1 ADD']],
    front:
      '-- Tells whether what was asked and answered in a session, and when, is still the same.\nALTER TABLE sessions ON CLUSTER c1 ADD COLUMN IF NOT EXISTS said UInt64 MATERIALIZED cityHash64(`turns.id`, `turns.at_ms`, `turns.request`, `turns.response`)',
  },
  '0031_sessions_done.sql': {
    changes: [['TABLE sessions ADD', 'TABLE sessions_local ON CLUSTER c1 ADD']],
    front:
      "-- Tells whether what was done about the answers of a session, and how long they took, is still the same.\nALTER TABLE sessions ON CLUSTER c1 ADD COLUMN IF NOT EXISTS done UInt64 MATERIALIZED cityHash64(arrayMap(one -> ifNull(toString(one), ''), `turns.latency_ms`), arrayFilter(one -> position(one, 'behaviour.') > 0, arrayMap((turn, kind, value) -> concat(turn, char(31), toString(kind), char(31), ifNull(toString(value), '')), `signals.turn`, `signals.kind`, `signals.value`)))",
  },
  '0032_turn_scores.sql': { changes: [['EXISTS turn_scores AS', 'EXISTS turn_scores ON CLUSTER c1 AS']] },
};

/** Heed's other statements that change a warehouse, and their forms. */
const OTHERS: readonly (readonly [statement: string, forms: readonly string[]])[] = [
  [
    'CREATE TABLE IF NOT EXISTS applied_migrations (name String, sha256 String) ENGINE = ReplacingMergeTree ORDER BY name',
    [
      `CREATE TABLE IF NOT EXISTS applied_migrations ON CLUSTER c1 (name String, sha256 String) ENGINE = ReplicatedReplacingMergeTree(${ALL}) ORDER BY name`,
    ],
  ],
  [
    'CREATE TABLE IF NOT EXISTS replace_under_way (x UInt8) ENGINE = MergeTree ORDER BY x',
    ['CREATE TABLE IF NOT EXISTS replace_under_way ON CLUSTER c1 (x UInt8) ENGINE = MergeTree ORDER BY x'],
  ],
  ['DROP TABLE replace_under_way SYNC', ['DROP TABLE replace_under_way ON CLUSTER c1 SYNC']],
  [
    'DROP TABLE sessions SYNC',
    ['DROP TABLE sessions ON CLUSTER c1 SYNC', 'DROP TABLE sessions_local ON CLUSTER c1 SYNC'],
  ],
  ['CREATE DATABASE IF NOT EXISTS heed', ['CREATE DATABASE IF NOT EXISTS heed ON CLUSTER c1']],
  ['DROP DATABASE IF EXISTS heed_replay SYNC', ['DROP DATABASE IF EXISTS heed_replay ON CLUSTER c1 SYNC']],
  ['RENAME DATABASE heed TO heed_broken_1', ['RENAME DATABASE heed TO heed_broken_1 ON CLUSTER c1']],
  [
    'EXCHANGE TABLES heed.sessions AND heed_replay.sessions',
    ['EXCHANGE TABLES heed.sessions_local AND heed_replay.sessions_local ON CLUSTER c1'],
  ],
  [
    'EXCHANGE TABLES heed.transitions AND heed_replay.transitions',
    ['EXCHANGE TABLES heed.transitions AND heed_replay.transitions ON CLUSTER c1'],
  ],
  [
    'DELETE FROM sessions WHERE tenant = {tenant:String}',
    ['DELETE FROM sessions_local ON CLUSTER c1 WHERE tenant = {tenant:String}'],
  ],
  [
    'ALTER TABLE filed_events DELETE WHERE tenant = {tenant:String} SETTINGS mutations_sync = 2',
    [
      'ALTER TABLE filed_events_local ON CLUSTER c1 DELETE WHERE tenant = {tenant:String} SETTINGS mutations_sync = 2',
    ],
  ],
  [
    "ALTER TABLE dead_letters UPDATE body = '' WHERE tenant = {tenant:String}",
    ["ALTER TABLE dead_letters_local ON CLUSTER c1 UPDATE body = '' WHERE tenant = {tenant:String}"],
  ],
  ...[
    'DELETE FROM day_marks WHERE tenant = {tenant:String}',
    'TRUNCATE TABLE transitions_staging',
    'ALTER TABLE transitions DROP PARTITION ({tenant:String}, {day:Date})',
    'ALTER TABLE transitions REPLACE PARTITION ({tenant:String}, {day0:Date}) FROM transitions_staging, DROP PARTITION ({tenant:String}, {day1:Date})',
    'INSERT INTO day_marks (tenant, day, closed) SELECT tenant, day, 1 FROM day_marks',
  ].map((statement): readonly [string, readonly string[]] => [statement, [statement]]),
];

describe('clusterStatements', () => {
  it('knows the form of every migration there is', () => {
    expect(Object.keys(FORMS)).toEqual(migrations.map(({ name }) => name));
  });

  it.each(migrations)('gives the form of $name', ({ name, sql }) => {
    const { changes = [], front } = FORMS[name] ?? {};
    const changed = changes.reduce((text, [from, to]) => {
      expect(text.split(from)).toHaveLength(2);
      return text.replace(from, () => to);
    }, sql.trimEnd());
    expect(clusterStatements(sql, PLACE)).toEqual(front === undefined ? [changed] : [changed, front]);
  });

  it.each(OTHERS)('gives the form of %s', (statement, forms) => {
    expect(clusterStatements(statement, PLACE)).toEqual(forms);
  });

  it.each([
    'ALTER TABLE sessions DROP COLUMN user',
    'TRUNCATE TABLE sessions',
    'EXCHANGE TABLES heed.sessions AND heed_replay.turns',
    'CREATE TABLE sessions (x UInt8) ENGINE = MergeTree ORDER BY x',
    'OPTIMIZE TABLE sessions',
    '',
  ])('refuses what would leave the other nodes behind: %s', (statement) => {
    expect(() => clusterStatements(statement, PLACE)).toThrow(TypeError);
  });

  describe('in the engine', () => {
    let front: ClickHouseFront;
    let warehouse: Warehouse;
    beforeAll(async () => {
      front = await openClickHouseFront();
      warehouse = await openClickHouseWarehouse({ url: front.url });
    });
    afterAll(async () => {
      await warehouse.close();
      await front.close();
    });
    const parse = (statement: string): Promise<void> =>
      warehouse.execute(`EXPLAIN AST ${statement}`, {
        tenant: 't',
        day: '2026-03-02',
        day0: '2026-03-02',
        day1: '2026-03-03',
      });

    it('are statements all', async () => {
      const all = [...migrations.map(({ sql }) => sql), ...OTHERS.map(([statement]) => statement)];
      for (const statement of all.flatMap((sql) => clusterStatements(sql, PLACE))) await parse(statement);
    });

    it('would be told from what are none', async () => {
      await expect(parse('CREATE TABLE t ON CLUSTER (x UInt8)')).rejects.toMatchObject({
        message: expect.stringContaining('SYNTAX_ERROR') as string,
      });
    });
  });
});
