import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { postgresEventLog } from '@heed/event-log-postgres';
import { logEntryOf, type ErasureResult, type EventLog } from '@heed/events';
import { linearPattern } from '@heed/linear-patterns';
import { accountFor, Forgetting, type ForgettingParts } from '@heed/operations';
import { jsonLog, PROJECTOR_GROUP, sha256Hex } from '@heed/platform';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { parseRedactionRules, redactBody } from '@heed/redaction';
import { ForgetSessions, Projector, ReplayLog } from '@heed/projector';
import { ruleModels } from '@heed/sessions';
import { openBodies, PostgresErasureRegister, PostgresKeyVault, sealedLog } from '@heed/vault';
import {
  readWarehouseMigrations,
  SqlForgettableRows,
  SqlWarehouseCopies,
  SqlWarehouseReader,
  WarehouseChainStore,
  WarehouseSessionStore,
  type Warehouse,
} from '@heed/warehouse';
import { openTemporaryWarehouse } from '@heed/warehouse-chdb';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { z } from 'zod';
import { cutOff, cutOffAtStatement, noting, refusing, type Refusal, type Step } from './interruptions.ts';
import { KeptFixes } from './kept-fixes.ts';
import { NOON, TENANT } from './traffic.ts';

/** Short enough that sessions of some dozen events are in several parts. */
const rules = { models: ruleModels, partEvents: 8 };
const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../../migrations/clickhouse', import.meta.url)),
);
const erasedCount = z.object({ events: z.number() });
const redaction = parseRedactionRules({ builtIn: ['email'] }, linearPattern);
if (!redaction.ok) throw new Error('the rules are wrong');
const REDACTION = redaction.value;
const silent = jsonLog('silent', () => undefined);

interface Engines {
  readonly postgres: EmbeddedPostgres;
  readonly warehouse: Warehouse;
}

/** A house for each test, on engines that the tests of a file share. */
export function houseForEach(enter: (house: House) => void): void {
  let dataDir: string;
  let engines: Engines;
  let house: House;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'heed-forgetting-'));
    engines = {
      postgres: await openEmbeddedPostgres({ dataDir }),
      warehouse: await openTemporaryWarehouse(migrations),
    };
  });
  afterAll(async () => {
    await engines.warehouse.close();
    await engines.postgres.close();
    await rm(dataDir, { recursive: true });
  });
  beforeEach(async () => {
    house = await House.open(engines);
    enter(house);
  });
  afterEach(() => house.close());
}

/** A log, a projector and a warehouse, with all that forgetting takes. */
export class House {
  readonly fixes = new KeptFixes();
  readonly register: PostgresErasureRegister;
  readonly log: EventLog;
  readonly #postgres: EmbeddedPostgres;
  readonly #warehouse: Warehouse;
  readonly #vault: PostgresKeyVault;
  readonly #projector: Projector;
  readonly #replay: ReplayLog;
  #nowMs = NOON;
  /** Of each pause of the projection how many tries to forget were refused in it. */
  readonly refusedInPauses: number[] = [];
  readonly refusal: Refusal = { sessions: [] };
  beforeReach: () => Promise<void> = () => Promise.resolve();
  #trying: Forgetting | undefined;
  readonly #written: string[] = [];

  private constructor({ postgres, warehouse }: Engines) {
    this.#postgres = postgres;
    this.#warehouse = warehouse;
    this.register = new PostgresErasureRegister(postgres);
    this.#vault = new PostgresKeyVault(postgres);
    this.log = sealedLog(postgresEventLog(postgres, openBodies(this.#vault)), this.#vault);
    const options = { ...rules, maxBatch: 17, erasures: this.register };
    this.#projector = new Projector(this.log, new WarehouseSessionStore(warehouse), options, silent);
    const copies = new SqlWarehouseCopies(warehouse, migrations, new WarehouseChainStore(warehouse));
    const whilePaused = this.#whilePaused;
    this.#replay = new ReplayLog({ log: this.log, copies, rules, whilePaused });
    this.#projector.start();
  }

  static async open(engines: Engines): Promise<House> {
    const { postgres, warehouse } = engines;
    await postgres.pool.query(
      'TRUNCATE event_log, event_log_count, event_log_group, user_key, erased_subject, erasure; UPDATE event_log_head SET position = 0, gaps_up_to = 0',
    );
    const made = migrations.flatMap(
      ({ sql }) => /CREATE TABLE IF NOT EXISTS (?<table>\w+)/u.exec(sql)?.groups?.['table'] ?? [],
    );
    for (const table of made) await warehouse.execute(`TRUNCATE TABLE ${table}`);
    return new House(engines);
  }

  async close(): Promise<void> {
    await this.#trying?.stop();
    await this.#projector.stop();
    await this.log.close();
  }

  /** Each at a later millisecond than what was before. */
  async take(bodies: readonly string[], atOnce = bodies.length, tenant = TENANT): Promise<readonly string[]> {
    const outcomes: string[] = [];
    for (let start = 0; start < bodies.length; start += atOnce) {
      const entries = bodies.slice(start, start + atOnce).map((body) => {
        this.#nowMs += 1;
        return logEntryOf({ tenant, receivedAtMs: this.#nowMs, body }, { sha256: sha256Hex }).entry;
      });
      outcomes.push(...(await this.log.append(entries)));
      await this.#projector.whenCaughtUp();
    }
    return outcomes;
  }

  async erase(user: string, reason?: string): Promise<ErasureResult> {
    const result = await this.#forgetting().erase(TENANT, user, reason);
    await this.#vault.refresh();
    return result;
  }

  /** All whose time has come, once, by the same process each time. */
  async tryPending(): Promise<void> {
    this.#trying ??= this.#forgetting();
    this.#trying.start();
    await vi.waitUntil(async () => (await this.register.pending(1, this.#nowMs)).length === 0, 60_000);
  }

  /** Begins with all that are pending, and is told to stop when it asks what the first of them reach. */
  async stopAtFirstReach(): Promise<void> {
    const forgetting = this.#forgetting();
    await new Promise<void>((resolve, reject) => {
      this.beforeReach = () => {
        forgetting.stop().then(resolve, reject);
        return Promise.resolve();
      };
      forgetting.start();
    });
    this.beforeReach = () => Promise.resolve();
  }

  later(ms: number): void {
    this.#nowMs += ms;
  }

  async eraseUntil(step: Step | undefined, user: string): Promise<ErasureResult> {
    const result = await this.#forgetting(step).erase(TENANT, user, undefined);
    await this.#vault.refresh();
    return result;
  }

  /** How often the projection stood still for it, and which tables were written anew, each as often as it was. */
  async carryOutPending(): Promise<{ readonly pauses: number; readonly written: readonly string[] }> {
    this.refusedInPauses.length = 0;
    this.#written.length = 0;
    const forgetting = this.#forgetting();
    forgetting.start();
    await vi.waitUntil(async () => (await this.register.pending(1)).length === 0, 60_000);
    await forgetting.stop();
    return { pauses: this.refusedInPauses.length, written: [...this.#written] };
  }

  /** What all erasures of this tenant together say that they took. */
  async eventsErased(): Promise<number> {
    const { rows } = await this.#postgres.pool.query<{ result: string }>('SELECT result FROM erasure');
    return rows.reduce((sum, { result }) => sum + erasedCount.parse(JSON.parse(result)).events, 0);
  }

  /** The log from its beginning, as after the warehouse was lost. */
  async readAgain(): Promise<void> {
    await this.#projector.stop();
    await this.log.rewind(PROJECTOR_GROUP);
    this.#projector.start();
    await this.#projector.whenCaughtUp();
  }

  async rebuild(): Promise<void> {
    await this.#replay.run('replace', () => undefined);
  }

  /** Nothing of it is in any table, nor in the log; the accounts are balanced, and a replay comes to the same in every row. */
  async expectForgotten(text: string): Promise<void> {
    await this.#projector.whenCaughtUp();
    expect(await this.find(text)).toEqual([]);
    expect(await this.inLog(text)).toEqual([]);
    const { tables } = await this.#replay.run('compare', () => undefined);
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
    const [account] = await accountFor(this.log, new SqlWarehouseReader(this.#warehouse), PROJECTOR_GROUP);
    expect(account).toMatchObject({ balanced: true, lag: 0 });
    expect(account?.accepted).toBe((account?.stored ?? 0) + (account?.deadLettered ?? 0));
  }

  /** The bodies in the log that have the text in the clear. */
  async inLog(text: string): Promise<readonly string[]> {
    const { rows } = await this.#postgres.pool.query<{ body: string }>(
      'SELECT body FROM event_log WHERE strpos(lower(body), lower($1)) > 0',
      [text],
    );
    return rows.map(({ body }) => body);
  }

  /** Of every event but these what the warehouse has filed. */
  async rowsBut(...events: readonly string[]): Promise<readonly string[]> {
    const rows = await this.#warehouse.query(
      z.object({ text: z.string() }),
      `SELECT toString(tuple(* EXCEPT (rewritten))) AS text FROM filed_events FINAL WHERE session NOT LIKE 'erasure-%' AND NOT has({events:Array(String)}, event_id) ORDER BY text`,
      { events },
    );
    return rows.map(({ text }) => text);
  }

  /** The tables that have the text, in rows that count no more too: merged or not, it is what their files hold. */
  async find(text: string): Promise<readonly string[]> {
    const row = z.object({ found: z.coerce.number() });
    const found: string[] = [];
    for (const table of [
      'filed_events',
      'sessions',
      'dead_letters',
      'session_places',
      'repeats',
      'redrives',
    ]) {
      const [counted] = await this.#warehouse.query(
        row,
        `SELECT countIf(positionCaseInsensitive(toString(tuple(*)), {text:String}) > 0) AS found FROM ${table}`,
        { text },
      );
      if ((counted?.found ?? 0) > 0) found.push(table);
    }
    return found;
  }

  readonly #whilePaused = <T>(work: () => Promise<T>): Promise<T> => {
    this.refusedInPauses.push(0);
    return this.#projector.whilePaused(work);
  };

  /** Keeps a clock of its own, at which everything taken so far was received. */
  #forgetting(cutOffAt?: Step): Forgetting {
    this.#nowMs += 1;
    const noted = noting(cutOffAtStatement(this.#warehouse, cutOffAt), (sql) => {
      const table = /^ALTER TABLE (?<table>\w+)/u.exec(sql)?.groups?.['table'];
      if (table !== undefined) this.#written.push(table);
    });
    const rows = new SqlForgettableRows(noted);
    const register = cutOff(this.register, cutOffAt);
    const happens = {
      beforeReach: () => this.beforeReach(),
      refused: () => this.refusedInPauses.push((this.refusedInPauses.pop() ?? 0) + 1),
    };
    const parts: ForgettingParts = {
      ...{ log: this.log, fixes: cutOff(this.fixes, cutOffAt), journal: silent, register },
      warehouse: new ForgetSessions(refusing(cutOff(rows, cutOffAt), this.refusal, happens), rules),
      whilePaused: this.#whilePaused,
      redact: (body) => redactBody(body, REDACTION).body,
      clock: { nowMs: () => this.#nowMs },
    };
    return new Forgetting(parts);
  }
}
