import { Fault } from '@heed/kernel';
import { withLiterals, type SqlValues, type Warehouse } from '@heed/warehouse';
import type { Session } from 'chdb';
import type { ZodType } from 'zod';
import { faultOf } from './chdb-fault.ts';
import { ConnectionPool } from './connection-pool.ts';

/** Long readers take at most the others' lanes: Node runs four such calls at a time, and files need one of them. */
const CONNECTIONS = 3;

/** A database of ClickHouse's own engine inside this process. */
export class ChdbWarehouse implements Warehouse {
  readonly database: string;
  readonly #folder: string;
  readonly #pool: ConnectionPool;
  /** For who asks whether there is an engine at all: the pool's may all be taken for as long as a mining takes. */
  readonly #door: ConnectionPool;
  readonly #onClose: () => void;
  #running = 0;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(folder: string, database: string, onClose: () => void) {
    if (!/^\w+$/u.test(database)) throw new TypeError(`${database} is no name for a database.`);
    this.database = database;
    this.#folder = folder;
    this.#onClose = onClose;
    this.#pool = new ConnectionPool(
      folder,
      [`CREATE DATABASE IF NOT EXISTS ${database}`, `USE ${database}`],
      CONNECTIONS,
    );
    this.#door = new ConnectionPool(folder, [], 1);
  }

  async query<Row>(row: ZodType<Row>, sql: string, values: SqlValues = {}): Promise<readonly Row[]> {
    const bytes = await this.#run(`reading from ${this.database}`, async (session) => {
      const result = await session.queryAsync(withLiterals(sql, values), { format: 'JSONEachRow' });
      return result.bytes();
    });
    return Array.from(linesOf(bytes), (line) => row.parse(JSON.parse(line)));
  }

  queryBinary(sql: string, values: SqlValues = {}): Promise<Uint8Array> {
    return this.#run(`reading from ${this.database}`, async (session) => {
      const result = await session.queryAsync(withLiterals(sql, values), { format: 'RowBinary' });
      return result.bytes();
    });
  }

  async insert(table: string, columns: readonly string[], rows: Uint8Array): Promise<void> {
    if (rows.byteLength === 0) return;
    await this.#run(`writing to ${table}`, (session) =>
      session.insert({ table, columns, values: rows, format: 'JSONCompactEachRow' }),
    );
  }

  async execute(sql: string, values: SqlValues = {}): Promise<void> {
    await this.#run(`changing ${this.database}`, (session) => session.queryAsync(withLiterals(sql, values)));
  }

  async answers(): Promise<void> {
    await this.#run('asking the engine', (session) => session.queryAsync('SELECT 1'), this.#door);
  }

  async inDatabase(database: string): Promise<Warehouse> {
    const other = new ChdbWarehouse(this.#folder, database, () => undefined);
    await other.execute('SELECT 1');
    return other;
  }

  /** Waits for what is running: the engine must not be torn down under a statement. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#pool.close();
    this.#door.close();
    this.#onClose();
  }

  async #run<T>(doing: string, work: (session: Session) => Promise<T>, pool = this.#pool): Promise<T> {
    if (this.#closed) throw new Fault('warehouse-closed', 'The warehouse is closed.', 'Open it again.');
    this.#running++;
    try {
      return await pool.use(work);
    } catch (thrown) {
      throw faultOf(thrown, doing);
    } finally {
      this.#running--;
      if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }
}

const NEWLINE = 10;

/** Line by line, never as one text: a result may be longer than a JavaScript string can be. */
function* linesOf(bytes: Uint8Array): Generator<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start < buffer.length;) {
    const newline = buffer.indexOf(NEWLINE, start);
    const end = newline === -1 ? buffer.length : newline;
    if (end > start) yield buffer.toString('utf8', start, end);
    start = end + 1;
  }
}
