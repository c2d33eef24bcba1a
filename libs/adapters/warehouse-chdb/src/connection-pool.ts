import type { Session } from 'chdb';
import { engine } from './engine.ts';

/**
 * Connections to one database of the engine. chDB runs the statements of one connection one after the other, so side by side
 * needs several; each statement takes the next free one, in the order in which they asked.
 */
export class ConnectionPool {
  readonly #folder: string;
  readonly #setUp: readonly string[];
  readonly #size: number;
  readonly #all: Session[] = [];
  readonly #free: Session[] = [];
  readonly #waiting: ((session: Session) => void)[] = [];

  constructor(folder: string, setUp: readonly string[], size: number) {
    this.#folder = folder;
    this.#setUp = setUp;
    this.#size = size;
  }

  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = this.#free.pop() ?? this.#open() ?? (await this.#nextFree());
    try {
      return await work(session);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(session);
      else this.#free.push(session);
    }
  }

  close(): void {
    for (const session of this.#all) session.close();
  }

  #open(): Session | undefined {
    if (this.#all.length >= this.#size) return undefined;
    const { Session } = engine();
    const session = new Session(this.#folder, { connectionArgs: ENGINE_ARGUMENTS });
    this.#all.push(session);
    for (const statement of this.#setUp) session.query(statement);
    return session;
  }

  #nextFree(): Promise<Session> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

// Tables are loaded before the first statement, so that what is broken shows at once. 16 MiB is what `Warehouse` promises.
const ENGINE_ARGUMENTS = [
  '--async_load_databases=0',
  '--max_query_size=16777216',
  '--max_ast_elements=1000000',
  '--max_expanded_ast_elements=1000000',
];
