import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { postgresEventLog } from '@heed/event-log-postgres';
import { logEntryOf, type ErasureResult, type EventLog } from '@heed/events';
import { fixId, seededRandom, tenantId, type FixId } from '@heed/kernel';
import { linearPattern } from '@heed/linear-patterns';
import { accountFor, Forgetting, type ForgettingParts } from '@heed/operations';
import { jsonLog, PROJECTOR_GROUP, sha256Hex } from '@heed/platform';
import { evolveFix, initialFix, type Fix, type StaleFixes } from '@heed/policies';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { parseRedactionRules, redactBody } from '@heed/redaction';
import { ForgetSessions, Projector, ReplayLog } from '@heed/projector';
import { ruleModels, type ForgettableRows } from '@heed/sessions';
import { exampleProposal } from '@heed/testing';
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
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const TENANT = tenantId('tenant');
const OTHER = tenantId('other');
const NOON = Date.UTC(2026, 2, 1, 12);
/** Short enough that sessions of some dozen events are in several parts. */
const rules = { models: ruleModels, partEvents: 8 };
const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../migrations/clickhouse', import.meta.url)),
);
const erasedCount = z.object({ events: z.number() });
const redaction = parseRedactionRules({ builtIn: ['email'] }, linearPattern);
if (!redaction.ok) throw new Error('the rules are wrong');
const REDACTION = redaction.value;
const silent = jsonLog('silent', () => undefined);

let postgres: EmbeddedPostgres;
let warehouse: Warehouse;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'heed-forgetting-'));
  postgres = await openEmbeddedPostgres({ dataDir });
  warehouse = await openTemporaryWarehouse(migrations);
});
afterAll(async () => {
  await warehouse.close();
  await postgres.close();
  await rm(dataDir, { recursive: true });
});

/** Where an erasure may be cut off: at a step of the use case, or at a statement in the middle of one. */
const STEPS = [
  'noteReach',
  'destroySessionKeys',
  'eraseLetters',
  'rewrite',
  'ALTER TABLE sessions DELETE',
  'insert filed_events',
  'insert sessions',
  'ALTER TABLE filed_events DELETE',
  'markStale',
  'finish',
] as const;
type Step = (typeof STEPS)[number];

describe('forgetting a user', () => {
  let house: House;
  beforeEach(async () => {
    house = await House.open();
  });
  afterEach(() => house.close());

  it('leaves the warehouse as a replay has it, the accounts balanced, and nothing that the user wrote', async () => {
    await house.take(everydayTraffic());
    expect(await house.find('SECRET')).not.toEqual([]);
    const result = await house.erase('ada');
    expect(result).toMatchObject({ events: 9, sessions: 4 });
    expect(result.labels).toBeGreaterThan(0);
    await house.expectForgotten('SECRET');
    expect(await house.find('BYSTANDER')).toEqual(['filed_events', 'sessions']);
    expect(await house.erase('ada')).toMatchObject({ events: 0, labels: 0 });
    await house.expectForgotten('SECRET');
  });

  it('keeps the words of others in a session where the user only reacted', async () => {
    await house.take(everydayTraffic());
    await house.erase('eve');
    expect(await house.find('SECRET')).not.toEqual([]);
    expect(await house.find('ANSWER')).toEqual(['filed_events', 'sessions']);
    await house.expectForgotten('EVES');
  });

  it('leaves the rows of everybody else as they are, however often somebody who only reacted is forgotten', async () => {
    await house.take(everydayTraffic());
    const others = await house.rowsBut('k-1');
    for (const times of [1, 2, 3]) {
      await house.erase('eve');
      expect({ times, rows: await house.rowsBut('k-1') }).toEqual({ times, rows: others });
      await house.expectForgotten('EVES');
    }
    await house.take([
      event('k-2', 'e-1', 'heed.reaction.v1', { turn: 't-6', user: 'eve', kind: 'like' }, 3),
    ]);
    await house.erase('eve');
    expect(await house.rowsBut('k-1', 'k-2')).toEqual(others);
    await house.expectForgotten('EVES');
  });

  it.each([1, 2, 3])(
    'comes out as a replay whatever the sessions are, long ones too: seed %i',
    async (seed) => {
      await house.take(longTraffic(seed), 13 * seed);
      await house.erase('user-1');
      await house.expectForgotten('SECRET-user-1-');
      await house.take(longTraffic(seed + 100), 11 * seed);
      await house.erase('user-2');
      await house.expectForgotten('SECRET-user-2-');
    },
  );

  it('forgets by an event of the log, as soon as the projector has read it', async () => {
    await house.take([...everydayTraffic(), event('forget', 'any', 'heed.erasure.v1', { user: 'ada' })]);
    const [pending] = await house.register.pending(10);
    expect(pending).toMatchObject({ tenant: TENANT, reach: null });
    await house.carryOutPending();
    await house.expectForgotten('SECRET');
    await house.readAgain();
    expect(await house.register.pending(10)).toEqual([]);
    await house.expectForgotten('SECRET');
  });

  it('forgets many at once, with one pause and one writing of each table', async () => {
    const users = Array.from({ length: 60 }, (_, n) => `user-${String(n)}`);
    await house.take([
      ...users.flatMap((user, n) => [
        turn(`t-${user}`, `s-${String(n % 40)}`, user, `SECRET of ${user}`, n),
        event(`o-${user}`, `o-${user}`, 'heed.comment.v1', { turn: 'none', user, text: 'SECRET too' }, n),
        event(`x-${user}`, `s-${user}`, 'heed.nothing.v1', { user, text: 'SECRET of no type' }, n),
      ]),
      turn('t-bob', 's-0', 'bob', 'BYSTANDER asks'),
    ]);
    await house.take([...users, ...users, 'nobody', 'never-seen'].map(erasureOf));
    expect(await house.register.pending(1000)).toHaveLength(122);
    const { pauses, written } = await house.carryOutPending();
    expect(pauses).toBe(1);
    expect(written.toSorted()).toEqual(['dead_letters', 'filed_events', 'sessions']);
    expect(await house.find('BYSTANDER')).toEqual(['filed_events', 'sessions']);
    expect(await house.eventsErased()).toBe(180);
    await house.expectForgotten('SECRET');
  });

  it('writes no table anew for somebody of whom there is nothing', async () => {
    await house.take([...everydayTraffic(), ...['nobody', 'never-seen', 'nobody'].map(erasureOf)]);
    expect(await house.carryOutPending()).toEqual({ pauses: 1, written: [] });
  });

  it('keeps a user who comes back, and leaves erased what is sent again', async () => {
    await house.take(everydayTraffic());
    await house.erase('ada');
    expect(new Set(await house.take(everydayTraffic()))).toEqual(new Set(['duplicate']));
    await house.take([turn('again', 'a-1', 'ada', 'I AM BACK')]);
    expect(await house.find('I AM BACK')).toEqual(['filed_events', 'sessions']);
    await house.expectForgotten('SECRET');
    await house.rebuild();
    expect(await house.find('I AM BACK')).toEqual(['filed_events', 'sessions']);
    expect(await house.find('SECRET')).toEqual([]);
  });

  it('marks the fixes that rest on the sessions as stale, and no others', async () => {
    await house.take(everydayTraffic());
    house.fixes.propose('of-ada', 'play secret jazz', 'play secret blues');
    house.fixes.propose('of-nobody', 'play secret blues', 'play folk');
    const { fixesMarkedStale } = await house.erase('ada');
    expect(fixesMarkedStale).toEqual(['of-ada']);
    expect(house.fixes.why('of-ada')).toMatch(/a user was forgotten/u);
    expect(house.fixes.why('of-nobody')).toBeUndefined();
  });

  it('goes on with the others when one cannot be carried out, says why, and tries it again later', async () => {
    const users = Array.from({ length: 7 }, (_, n) => `user-${String(n)}`);
    const turns = users.map((user) => turn(`t-${user}`, `own-${user}`, user, `SECRET-${user}`));
    await house.take([...turns, ...users.map(erasureOf)]);
    await house.take([turn('t-zoe', 'own-zoe', 'zoe', 'SECRET-zoe'), erasureOf('zoe', 99)], 2, OTHER);
    await house.tryPending('own-user-3');
    expect(await house.find('SECRET-user-3')).toEqual(['filed_events', 'sessions']);
    for (const user of ['user-0', 'user-2', 'user-4', 'user-6', 'zoe'])
      expect(await house.find(`SECRET-${user}`)).toEqual([]);
    const erasures = await house.register.list(TENANT, 10);
    expect(erasures.map(({ result }) => result?.events)).toEqual([undefined, 1, 1, 1, 1, 1, 1]);
    expect(erasures[0]).toMatchObject({ tries: 1, failure: { why: 'own-user-3 is not for us' } });
    await house.tryPending('own-user-3');
    expect((await house.register.list(TENANT, 1))[0]).toMatchObject({ tries: 1 });
    house.later(1000);
    await house.tryPending('own-user-3');
    expect((await house.register.list(TENANT, 1))[0]).toMatchObject({ tries: 2 });
    house.later(2000);
    await house.tryPending('nothing');
    await house.expectForgotten('SECRET');
    expect(await house.register.pending(10)).toEqual([]);
  });

  it('tells who asked why it is not finished, and finishes it later', async () => {
    await house.take(everydayTraffic());
    const refused = expect(house.eraseBut('a-2', 'ada')).rejects;
    await refused.toMatchObject({ code: 'erasure-not-finished', message: /a-2 is not for us/u });
    house.later(1000);
    await house.tryPending('nothing');
    await house.expectForgotten('SECRET');
  });

  it('has nothing left to do when the tenant is removed meanwhile, and says so', async () => {
    await house.take(everydayTraffic());
    await expect(house.eraseWhileRemoved('ada')).rejects.toMatchObject({ code: 'tenant-removed' });
    expect(await house.register.pending(10)).toEqual([]);
  });

  it('redacts the reason that somebody gives', async () => {
    await house.take(everydayTraffic());
    await house.erase('ada', 'asked by ada@example.org');
    const { rows } = await postgres.pool.query('SELECT body FROM event_log WHERE strpos(body, $1) > 0', [
      'heed.erasure',
    ]);
    expect(rows).toEqual([{ body: expect.stringContaining('asked by [redacted:email]') as unknown }]);
    await house.expectForgotten('SECRET');
  });

  it.each(STEPS)('is finished by whoever looks next when it is cut off at "%s"', async (step) => {
    await house.take(everydayTraffic());
    house.fixes.propose('of-ada', 'play secret jazz', 'play secret blues');
    await expect(house.eraseUntil(step, 'ada')).rejects.toThrow(`cut off at ${step}`);
    expect(await house.register.pending(10)).toHaveLength(1);
    // Killed there, and started again: what the projector reads meanwhile is no worse for it.
    await house.take([turn('meanwhile', 'a-1', 'bob', 'BYSTANDER meanwhile')]);
    await house.carryOutPending();
    await house.expectForgotten('SECRET');
    expect(house.fixes.why('of-ada')).toMatch(/a user was forgotten/u);
    expect(await house.find('meanwhile')).toEqual(['filed_events', 'sessions']);
  });
});

/** A log, a projector and a warehouse, with all that forgetting takes. */
class House {
  readonly fixes = new KeptFixes();
  readonly register = new PostgresErasureRegister(postgres);
  readonly log: EventLog;
  readonly #vault: PostgresKeyVault;
  readonly #projector: Projector;
  readonly #replay: ReplayLog;
  #nowMs = NOON;
  #pauses = 0;
  readonly #written: string[] = [];

  private constructor() {
    this.#vault = new PostgresKeyVault(postgres);
    this.log = sealedLog(postgresEventLog(postgres, openBodies(this.#vault)), this.#vault);
    const options = { ...rules, maxBatch: 17, erasures: this.register };
    this.#projector = new Projector(this.log, new WarehouseSessionStore(warehouse), options, silent);
    const copies = new SqlWarehouseCopies(warehouse, migrations, new WarehouseChainStore(warehouse));
    const whilePaused = this.#whilePaused;
    this.#replay = new ReplayLog({ log: this.log, copies, rules, whilePaused });
    this.#projector.start();
  }

  static async open(): Promise<House> {
    await postgres.pool.query(
      'TRUNCATE event_log, event_log_count, event_log_group, user_key, erased_subject, erasure; UPDATE event_log_head SET position = 0, gaps_up_to = 0',
    );
    const made = migrations.flatMap(
      ({ sql }) => /CREATE TABLE IF NOT EXISTS (?<table>\w+)/u.exec(sql)?.groups?.['table'] ?? [],
    );
    for (const table of made) await warehouse.execute(`TRUNCATE TABLE ${table}`);
    return new House();
  }

  async close(): Promise<void> {
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

  /** While the warehouse refuses to write this session. */
  eraseBut(session: string, user: string): Promise<ErasureResult> {
    return this.#forgetting(undefined, session).erase(TENANT, user, undefined);
  }

  eraseWhileRemoved(user: string): Promise<ErasureResult> {
    return this.#forgetting(undefined, undefined, () => this.log.removeTenant(TENANT)).erase(
      ...([TENANT, user, undefined] as const),
    );
  }

  /** All whose time has come, once, while the warehouse refuses to write this session. */
  async tryPending(session: string): Promise<void> {
    const forgetting = this.#forgetting(undefined, session);
    forgetting.start();
    await vi.waitUntil(async () => (await this.register.pending(1, this.#nowMs)).length === 0, 60_000);
    await forgetting.stop();
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
    this.#pauses = 0;
    this.#written.length = 0;
    const forgetting = this.#forgetting();
    forgetting.start();
    await vi.waitUntil(async () => (await this.register.pending(1)).length === 0, 60_000);
    await forgetting.stop();
    return { pauses: this.#pauses, written: [...this.#written] };
  }

  /** What all erasures of this tenant together say that they took. */
  async eventsErased(): Promise<number> {
    const { rows } = await postgres.pool.query<{ result: string }>('SELECT result FROM erasure');
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
    const { rows } = await postgres.pool.query(
      'SELECT FROM event_log WHERE strpos(lower(body), lower($1)) > 0',
      [text],
    );
    expect(rows).toEqual([]);
    const { tables } = await this.#replay.run('compare', () => undefined);
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
    const [account] = await accountFor(this.log, new SqlWarehouseReader(warehouse), PROJECTOR_GROUP);
    expect(account).toMatchObject({ balanced: true, lag: 0 });
    expect(account?.accepted).toBe((account?.stored ?? 0) + (account?.deadLettered ?? 0));
  }

  /** Of every event but these what the warehouse has filed. */
  async rowsBut(...events: readonly string[]): Promise<readonly string[]> {
    const rows = await warehouse.query(
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
      const [counted] = await warehouse.query(
        row,
        `SELECT countIf(positionCaseInsensitive(toString(tuple(*)), {text:String}) > 0) AS found FROM ${table}`,
        { text },
      );
      if ((counted?.found ?? 0) > 0) found.push(table);
    }
    return found;
  }

  readonly #whilePaused = <T>(work: () => Promise<T>): Promise<T> => {
    this.#pauses += 1;
    return this.#projector.whilePaused(work);
  };

  /** Keeps a clock of its own, at which everything taken so far was received. */
  #forgetting(
    cutOffAt?: Step,
    refused?: string,
    beforeReach: () => Promise<void> = () => Promise.resolve(),
  ): Forgetting {
    this.#nowMs += 1;
    const noted = noting(cutOffAtStatement(warehouse, cutOffAt), (sql) => {
      const table = /^ALTER TABLE (?<table>\w+)/u.exec(sql)?.groups?.['table'];
      if (table !== undefined) this.#written.push(table);
    });
    const rows = new SqlForgettableRows(noted);
    const register = cutOff(this.register, cutOffAt);
    const parts: ForgettingParts = {
      ...{ log: this.log, fixes: cutOff(this.fixes, cutOffAt), journal: silent, register },
      warehouse: new ForgetSessions(refusing(cutOff(rows, cutOffAt), refused, beforeReach), rules),
      whilePaused: this.#whilePaused,
      redact: (body) => redactBody(body, REDACTION).body,
      clock: { nowMs: () => this.#nowMs },
    };
    return new Forgetting(parts);
  }
}

/** The same, but a session is not written, and something happens before it is told what is reached. */
function refusing(
  rows: ForgettableRows,
  refused: string | undefined,
  beforeReach: () => Promise<void>,
): ForgettableRows {
  return {
    reach: async (...asked) => {
      await beforeReach();
      return rows.reach(...asked);
    },
    sessionsUnder: (...asked) => rows.sessionsUnder(...asked),
    labels: (...asked) => rows.labels(...asked),
    eraseLetters: (...asked) => rows.eraseLetters(...asked),
    rewrite: async (tenant, sessions, project) => {
      if (sessions.some((session) => session === refused)) throw new Error(`${refused ?? ''} is not for us`);
      await rows.rewrite(tenant, sessions, project);
    },
  };
}

/** The same, but the method of this name fails when it is called. Who is cut off notes no failure either. */
function cutOff<T extends object>(whole: T, step: Step | undefined): T {
  return new Proxy(whole, {
    get: (target, name) => {
      if (step !== undefined && (name === step || name === 'noteFailure'))
        return () => Promise.reject(new Error(`cut off at ${step}`));
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...given: readonly unknown[]): unknown => Reflect.apply(member, target, given);
    },
  });
}

/** The same, and every statement that is carried out is told. */
function noting(whole: Warehouse, tell: (statement: string) => void): Warehouse {
  return {
    database: whole.database,
    query: (...asked) => whole.query(...asked),
    queryBinary: (...asked) => whole.queryBinary(...asked),
    insert: (...rows) => whole.insert(...rows),
    execute: async (sql, values) => {
      tell(sql);
      await whole.execute(sql, values);
    },
    inDatabase: (database) => whole.inDatabase(database),
    close: () => whole.close(),
  };
}

function cutOffAtStatement(whole: Warehouse, step: Step | undefined): Warehouse {
  const refuse = (statement: string): void => {
    if (step !== undefined && statement.startsWith(step)) throw new Error(`cut off at ${step}`);
  };
  return {
    database: whole.database,
    query: async (row, sql, values) => {
      refuse(sql);
      return whole.query(row, sql, values);
    },
    queryBinary: (...asked) => whole.queryBinary(...asked),
    insert: async (table, columns, rows) => {
      refuse(`insert ${table}`);
      await whole.insert(table, columns, rows);
    },
    execute: async (sql, values) => {
      refuse(sql);
      await whole.execute(sql, values);
    },
    inDatabase: (database) => whole.inDatabase(database),
    close: () => whole.close(),
  };
}

class KeptFixes implements StaleFixes {
  readonly #fixes = new Map<string, Fix>();

  propose(id: string, fromState: string, toState: string): void {
    const { evidence } = exampleProposal(fromState, toState);
    const rewrite = { fromState, toState, from: fromState, to: toState };
    const by = { atMs: NOON, who: 'learner', why: 'mined' };
    this.#put(
      evolveFix(initialFix, {
        ...{ kind: 'fix-proposed', id: fixId(id), tenant: TENANT, rewrite, evidence },
        ...by,
      }),
    );
  }

  why(id: string): string | undefined {
    return this.#fixes.get(id)?.stale?.why;
  }

  all(): ReturnType<StaleFixes['all']> {
    return Promise.resolve([...this.#fixes.values()]);
  }

  markStale(...[, ids, by]: Parameters<StaleFixes['markStale']>): Promise<readonly FixId[]> {
    for (const id of ids) {
      const fix = this.#fixes.get(id);
      if (fix !== undefined) this.#put(evolveFix(fix, { kind: 'fix-went-stale', ...by }));
    }
    return Promise.resolve(ids);
  }

  #put(fix: ReturnType<typeof evolveFix>): void {
    if (fix.status !== 'none') this.#fixes.set(fix.id, fix);
  }
}

/** Four sessions of Ada's, of which one is shared; one of Bob's, in which Eve only says something; and what was refused of Ada. */
function everydayTraffic(): readonly string[] {
  return [
    turn('t-1', 'a-1', 'ada', 'play SECRET jazz'),
    turn('t-2', 'a-1', 'ada', 'play SECRET blues', 1),
    event('r-1', 'a-1', 'heed.response.v1', { turn: 't-1', response: { text: 'a SECRET answer' } }),
    event('l-1', 'a-1', 'heed.reaction.v1', { turn: 't-2', user: 'ada', kind: 'like' }, 2),
    event('c-1', 'a-1', 'heed.check.v1', { turn: 't-2', name: 'lint', passed: true }, 2),
    turn('t-3', 'a-2', 'ada', 'a session of one SECRET turn'),
    turn('t-4', 'a-3', 'bob', 'BYSTANDER asks'),
    turn('t-5', 'a-3', 'ada', 'SECRET asks too', 1),
    event('l-2', 'a-3', 'heed.reaction.v1', { turn: 't-5', user: 'bob', kind: 'like' }, 2),
    event('o-1', 'a-4', 'heed.comment.v1', { turn: 'nowhere', user: 'ada', text: 'a SECRET orphan' }),
    turn('t-1', 'a-1', 'ada', 'another SECRET under the same id'),
    event('x-1', 'a-1', 'heed.nothing.v1', { user: 'ada', text: 'SECRET of no type' }),
    turn('t-6', 'e-1', 'bob', 'how do I do this'),
    event('r-2', 'e-1', 'heed.response.v1', { turn: 't-6', response: { text: 'the ANSWER' } }),
    event('k-1', 'e-1', 'heed.comment.v1', { turn: 't-6', user: 'eve', text: 'EVES remark' }, 2),
  ];
}

/** Sessions of several users, some longer than a part: late and early, in any order, with orphans. */
function longTraffic(seed: number): readonly string[] {
  const random = seededRandom(seed);
  const bodies: string[] = [];
  for (let session = 0; session < 6; session++) {
    const turns = 2 + Math.floor(random.next() * 30);
    for (let number = 0; number < turns; number++) {
      const name = `${String(seed)}-${String(session)}-${String(number)}`;
      const user = `user-${String(Math.floor(random.next() * 4))}`;
      const id = `long-${String(session)}`;
      bodies.push(turn(`t-${name}`, id, user, `SECRET-${user}- says ${String(number)}`, number));
      if (random.chance(0.4))
        bodies.push(
          event(`r-${name}`, id, 'heed.reaction.v1', { turn: `t-${name}`, user, kind: 'like' }, number),
        );
      if (random.chance(0.1))
        bodies.push(event(`o-${name}`, id, 'heed.check.v1', { turn: `no-${name}`, name: 'lint' }, number));
    }
  }
  return bodies
    .map((body) => ({ body, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ body }) => body);
}

function turn(id: string, session: string, user: string, text: string, minute = 0): string {
  return event(id, session, 'heed.turn.v1', { turn: id, user, request: { text } }, minute);
}

function erasureOf(user: string, n: number): string {
  return event(`forget-${String(n)}`, 'any', 'heed.erasure.v1', { user });
}

function event(id: string, subject: string, type: string, data: object, minute = 0): string {
  const time = new Date(NOON - 3_600_000 + minute * 60_000).toISOString();
  return JSON.stringify({ specversion: '1.0', id, source: '/test', type, subject, time, data });
}
