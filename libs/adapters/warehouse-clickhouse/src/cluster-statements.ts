/** Where a cluster's tables are. */
export interface ClusterPlace {
  readonly cluster: string;
  readonly database: string;
}

/**
 * What grows with the traffic lies in shards, with what decides on which: all rows that replace each other on one, and so all of a session. Everything else (marks, counts, migrations) is small, and whole on every node.
 */
const SHARDED: Readonly<Record<string, string>> = {
  filed_events: 'cityHash64(tenant, session)',
  sessions: 'cityHash64(tenant, session)',
  session_places: 'cityHash64(tenant, session)',
  scored_sessions: 'cityHash64(tenant, session)',
  dead_letters: 'cityHash64(tenant, key)',
  repeats: 'cityHash64(tenant, key)',
  expired_entries: 'cityHash64(tenant, position)',
};

/** On every node, but each node's own: what is used within one piece of work, which is done through one node. */
const NODES_OWN = /^(?:\w+_staging|replace_under_way)$/u;

/** The table's own id in the path: databases and tables can be exchanged and made again, and no two ever meet. */
const OF_ITS_SHARD = "'/clickhouse/tables/{uuid}/{shard}', '{replica}'";
const OF_THE_CLUSTER = "'/clickhouse/tables/{uuid}/all', '{shard}-{replica}'";

interface Rule {
  readonly form: RegExp;
  readonly statements: (parts: Readonly<Record<string, string>>, place: ClusterPlace) => readonly string[];
}

const COMMENTS = String.raw`(?<comments>(?:--[^\n]*\n)*)`;

/** Every kind of statement that Heed changes a warehouse with. None holds a user's text: values come by placeholders. */
const RULES: readonly Rule[] = [
  {
    form: new RegExp(
      `^${COMMENTS}CREATE TABLE IF NOT EXISTS (?<table>\\w+)(?<columns>\\s*\\(.*\\))(?<engine>\\s+ENGINE = )(?<kind>\\w*MergeTree)(?:\\((?<args>\\w+|\\(.*?\\))\\))?(?<rest>\\s.*)$`,
      'su',
    ),
    statements: createTable,
  },
  {
    form: new RegExp(
      `^${COMMENTS}(?<create>CREATE VIEW IF NOT EXISTS|CREATE OR REPLACE VIEW) (?<view>\\w+) AS(?<select>\\s.*)$`,
      'su',
    ),
    statements: ({ comments, create, view, select = '' }, { cluster }) => [
      // Each shard is given the list, and none asks all the others for it.
      `${comments}${create} ${view} ON CLUSTER ${cluster} AS${select.replaceAll(' IN (SELECT ', ' GLOBAL IN (SELECT ')}`,
    ],
  },
  {
    form: /^(?<what>(?:CREATE DATABASE IF NOT EXISTS|DROP DATABASE IF EXISTS) \w+|RENAME DATABASE \w+ TO \w+)(?<rest>(?: SYNC)?)$/u,
    statements: ({ what, rest }, { cluster }) => [`${what} ON CLUSTER ${cluster}${rest}`],
  },
  {
    form: /^DROP TABLE (?<table>\w+) SYNC$/u,
    statements: ({ table = '' }, { cluster }) =>
      (isSharded(table) ? [table, `${table}_local`] : [table]).map(
        (one) => `DROP TABLE ${one} ON CLUSTER ${cluster} SYNC`,
      ),
  },
  {
    // The tables in front of the shards name their database and need not move.
    form: /^EXCHANGE TABLES (?<left>\w+)\.(?<table>\w+) AND (?<right>\w+)\.\k<table>$/u,
    statements: ({ left, right, table = '' }, { cluster }) => {
      const one = isSharded(table) ? `${table}_local` : table;
      return [`EXCHANGE TABLES ${left}.${one} AND ${right}.${one} ON CLUSTER ${cluster}`];
    },
  },
  {
    form: /^(?<statement>DELETE FROM (?<table>\w+)(?<rest> WHERE .*))$/su,
    statements: ({ statement = '', table = '', rest }, { cluster }) => [
      isSharded(table) ? `DELETE FROM ${table}_local ON CLUSTER ${cluster}${rest}` : statement,
    ],
  },
  {
    form: /^(?<statement>ALTER TABLE (?<table>\w+)(?<rest> (?:DELETE WHERE|UPDATE) .*))$/su,
    statements: ({ statement = '', table = '', rest }, { cluster }) => [
      isSharded(table) ? `ALTER TABLE ${table}_local ON CLUSTER ${cluster}${rest}` : statement,
    ],
  },
  {
    // A column more: first in the shards, then in the table in front of them.
    form: new RegExp(`^${COMMENTS}ALTER TABLE (?<table>\\w+)(?<rest>\\s+ADD COLUMN IF NOT EXISTS .*)$`, 'su'),
    statements: ({ comments, table = '', rest }, { cluster }) =>
      (isSharded(table) ? [`${table}_local`, table] : [table]).map(
        (one) => `${comments}ALTER TABLE ${one} ON CLUSTER ${cluster}${rest}`,
      ),
  },
  {
    // What is whole on a node is changed there, and the others follow.
    form: /^(?<statement>(?:ALTER TABLE (?<altered>\w+)|TRUNCATE TABLE (?<emptied>\w+_staging)\b).*)$/su,
    statements: ({ statement = '', altered }) => {
      if (altered !== undefined && isSharded(altered)) throw withoutForm(statement);
      return [statement];
    },
  },
  {
    form: /^(?<statement>\s*(?:INSERT INTO|SELECT)\s.*)$/su,
    statements: ({ statement = '' }) => [statement],
  },
];

/**
 * The statements that do on a cluster what one of Heed's does on a server alone: made from the same migrations, so that there
 * is one set of them. `Replicated` tables everywhere; in front of those that lie in shards a `Distributed` one of the
 * plain name, behind it `<name>_local`. All else in Heed asks for the plain names and runs as it is.
 *
 * @throws TypeError for a statement that has no such form: on one node alone it would leave the others behind unseen
 * @example clusterStatements('DROP DATABASE IF EXISTS x SYNC', { cluster: 'c', database: 'heed' })
 *   // ['DROP DATABASE IF EXISTS x ON CLUSTER c SYNC']
 */
export function clusterStatements(sql: string, place: ClusterPlace): readonly string[] {
  const text = sql.trimEnd();
  for (const { form, statements } of RULES) {
    const parts = form.exec(text)?.groups;
    if (parts !== undefined) return statements(parts, place);
  }
  throw withoutForm(text);
}

function createTable(
  { comments, table = '', columns, engine, kind, args, rest }: Readonly<Record<string, string>>,
  { cluster, database }: ClusterPlace,
): readonly string[] {
  const create = (name: string, madeBy: string): string =>
    `${comments}CREATE TABLE IF NOT EXISTS ${name} ON CLUSTER ${cluster}${columns}${engine}${madeBy}${rest}`;
  const own = args === undefined ? '' : `, ${args}`;
  if (NODES_OWN.test(table)) return [create(table, `${kind}${args === undefined ? '' : `(${args})`}`)];
  const shardingKey = SHARDED[table];
  if (shardingKey === undefined) return [create(table, `Replicated${kind}(${OF_THE_CLUSTER}${own})`)];
  const local = `${table}_local`;
  return [
    create(local, `Replicated${kind}(${OF_ITS_SHARD}${own})`),
    `CREATE TABLE IF NOT EXISTS ${table} ON CLUSTER ${cluster} AS ${local} ENGINE = Distributed('${cluster}', '${database}', '${local}', ${shardingKey})`,
  ];
}

function isSharded(table: string): boolean {
  return table in SHARDED;
}

function withoutForm(statement: string): TypeError {
  return new TypeError(`There is no form for a cluster of: ${statement.slice(0, 80)}`);
}
