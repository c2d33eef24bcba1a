import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  ClickHouseLogLevel,
  createClient,
  type ClickHouseClient,
  type ClickHouseSettings,
  type ExecParams,
} from '@clickhouse/client';
import { Fault } from '@heed/kernel';
import { withLiterals, type SqlValues, type Warehouse } from '@heed/warehouse';
import { z, type ZodType } from 'zod';
import { faultOf, isCutOff, isUnsent, strangeAnswer } from './clickhouse-fault.ts';
import { clickHouseName, type ClickHouseServer } from './clickhouse-server.ts';
import { linesOf } from './read-lines.ts';
import { repeatWhenSafe } from './repeat-when-safe.ts';

/** How a server is spoken to: alone, or as the door of a cluster. */
export interface ServerProfile {
  readonly settings: ClickHouseSettings;
  /** The statements that do there what one of Heed's does in an engine alone. */
  readonly statements: (sql: string, database: string) => readonly string[];
}

const SILENCE_MS = 300_000;
const RETRY_WAITS_MS = [100, 400, 1600];
/** A long statement's progress comes as headers, one every 20 s, and Node's 16 KiB would end it after half an hour. */
const MAX_HEADER_BYTES = 1024 * 1024;
const REPLACED_WITHIN_MS = 60_000;

const nameRow = z.object({ name: z.string() });

/** A database of a ClickHouse server. */
export class ClickHouseWarehouse implements Warehouse {
  readonly database: string;
  readonly #server: ClickHouseServer;
  readonly #profile: ServerProfile;
  readonly #client: ClickHouseClient;
  readonly #where: string;
  #running = 0;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(server: ClickHouseServer, database: string, profile: ServerProfile) {
    const { origin, pathname } = new URL(server.url);
    this.database = database;
    this.#server = server;
    this.#profile = profile;
    this.#where = `${origin}${pathname === '/' ? '' : pathname}`;
    this.#client = createClient({
      url: origin,
      pathname,
      database,
      ...(server.username !== undefined && { username: server.username }),
      ...(server.password !== undefined && { password: server.password }),
      application: 'heed',
      clickhouse_settings: profile.settings,
      compression: { request: { codec: 'zstd', level: 1 }, response: { codec: 'zstd' } },
      request_timeout: server.silenceMs ?? SILENCE_MS,
      max_response_headers_size: MAX_HEADER_BYTES,
      // It would write statements to the console.
      log: { level: ClickHouseLogLevel.OFF },
    });
  }

  async query<Row>(row: ZodType<Row>, sql: string, values: SqlValues = {}): Promise<readonly Row[]> {
    return this.#read(`${withLiterals(sql, values)}\nFORMAT JSONEachRow`, async (chunks) => {
      const rows: Row[] = [];
      for await (const line of linesOf(chunks)) rows.push(row.parse(JSON.parse(line)));
      return rows;
    });
  }

  async queryBinary(sql: string, values: SqlValues = {}): Promise<Uint8Array> {
    return this.#read(`${withLiterals(sql, values)}\nFORMAT RowBinary`, buffer);
  }

  async insert(table: string, columns: readonly string[], rows: Uint8Array): Promise<void> {
    if (rows.byteLength === 0) return;
    const named = columns.map((column) => `\`${column}\``).join(', ');
    await this.#run(`writing to ${table}`, isUnsent, (doing) =>
      this.#ask(
        {
          query: `INSERT INTO ${table} (${named}) FORMAT JSONCompactEachRow`,
          values: Readable.from([rows], { objectMode: false }),
          ...this.#identified(),
        },
        doing,
        buffer,
      ),
    );
  }

  async execute(sql: string, values: SqlValues = {}): Promise<void> {
    for (const statement of this.#profile.statements(sql, this.database)) {
      const asked = { query: withLiterals(statement, values), ...this.#identified(stagedIn(statement)) };
      await this.#run(`changing ${this.database}`, isUnsent, (doing) => this.#ask(asked, doing, buffer));
    }
  }

  async answers(): Promise<void> {
    await this.query(z.unknown(), 'SELECT 1');
  }

  async inDatabase(database: string): Promise<Warehouse> {
    const name = clickHouseName.parse(database);
    // Who may not make databases can be given one; of a cluster's, only one node's are seen.
    const found = await this.query(nameRow, 'SELECT name FROM system.databases WHERE name = {name:String}', {
      name,
    });
    if (found.length === 0 || this.#server.cluster !== undefined)
      await this.execute(`CREATE DATABASE IF NOT EXISTS ${name}`);
    return new ClickHouseWarehouse(this.#server, name, this.#profile);
  }

  /** Waits for what is running. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await this.#client.close();
  }

  #read<T>(query: string, take: (chunks: AsyncIterable<Buffer>) => Promise<T>): Promise<T> {
    return this.#run(`reading from ${this.database}`, isCutOff, (doing) => this.#ask({ query }, doing, take));
  }

  async #ask<T>(
    asked: ExecParams & { readonly values?: Readable },
    doing: string,
    take: (chunks: AsyncIterable<Buffer>) => Promise<T>,
  ): Promise<T> {
    const { stream, response_headers } = await this.#client.exec(asked);
    try {
      // An answer of 200 from anything else must not pass for stored rows.
      if (!isClickHouse(response_headers)) throw strangeAnswer(this.#where, doing);
      return await take(stream);
    } catch (thrown) {
      throw thrown instanceof SyntaxError ? strangeAnswer(this.#where, doing, thrown) : thrown;
    } finally {
      stream.destroy();
    }
  }

  /**
   * The same rows twice are two inserts: replicated tables would take the second for the first that came again, and marks of
   * days would be lost. And a statement over the staging table that a lost connection left running is ended before the next.
   */
  #identified(staging?: string): {
    readonly query_id: string;
    readonly clickhouse_settings: ClickHouseSettings;
  } {
    const unique = randomUUID();
    const deduplication = { insert_deduplication_token: unique };
    if (staging === undefined) return { query_id: unique, clickhouse_settings: deduplication };
    return {
      query_id: `heed-${this.database}-${staging}`,
      clickhouse_settings: {
        ...deduplication,
        replace_running_query: 1,
        replace_running_query_max_wait_ms: REPLACED_WITHIN_MS,
      },
    };
  }

  async #run<T>(
    doing: string,
    isSafe: (thrown: unknown) => boolean,
    work: (doing: string) => Promise<T>,
  ): Promise<T> {
    if (this.#closed) throw new Fault('warehouse-closed', 'The warehouse is closed.', 'Open it again.');
    this.#running++;
    try {
      return await repeatWhenSafe(isSafe, this.#server.retryWaitsMs ?? RETRY_WAITS_MS, () => work(doing));
    } catch (thrown) {
      throw faultOf(thrown, doing, this.#where);
    } finally {
      this.#running--;
      if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }
}

/** By any header of its own. Which of them it sends depends on whether the answer took long enough to need progress. */
function isClickHouse(headers: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(headers).some((name) => name.startsWith('x-clickhouse-'));
}

/** The staging table that a statement empties or fills. One such statement at a time is the rule: see `recountDays`. */
function stagedIn(statement: string): string | undefined {
  return /^\s*(?:TRUNCATE TABLE|INSERT INTO) (?<staging>\w+_staging)\b/u.exec(statement)?.groups?.['staging'];
}
