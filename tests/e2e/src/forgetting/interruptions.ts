import type { ForgettableRows } from '@heed/sessions';
import type { Warehouse } from '@heed/warehouse';

/** Where an erasure may be cut off: at a step of the use case, or at a statement in the middle of one. */
export const STEPS = [
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
export type Step = (typeof STEPS)[number];

/** What a warehouse refuses, as long as it says so. */
export interface Refusal {
  /** Whatever has one of these is not written. */
  sessions: readonly string[];
  /** It is written all the same, and then refused: as when an answer is lost. */
  isLate?: boolean;
}

/** The same, but what is refused is not written, and something happens before it is told what is reached. */
export function refusing(
  rows: ForgettableRows,
  refusal: Refusal,
  { beforeReach, refused }: { readonly beforeReach: () => Promise<void>; readonly refused: () => void },
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
      const of = sessions.find((session) => refusal.sessions.includes(session));
      if (of === undefined || refusal.isLate === true) await rows.rewrite(tenant, sessions, project);
      if (of === undefined) return;
      refused();
      throw new Error(`${of} is not for us`);
    },
  };
}

/** The same, but the method of this name fails when it is called. Who is cut off notes no failure either. */
export function cutOff<T extends object>(whole: T, step: Step | undefined): T {
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
export function noting(whole: Warehouse, tell: (statement: string) => void): Warehouse {
  return {
    database: whole.database,
    query: (...asked) => whole.query(...asked),
    queryBinary: (...asked) => whole.queryBinary(...asked),
    insert: (...rows) => whole.insert(...rows),
    execute: async (sql, values) => {
      tell(sql);
      await whole.execute(sql, values);
    },
    answers: () => whole.answers(),
    inDatabase: (database) => whole.inDatabase(database),
    close: () => whole.close(),
  };
}

export function cutOffAtStatement(whole: Warehouse, step: Step | undefined): Warehouse {
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
    answers: () => whole.answers(),
    inDatabase: (database) => whole.inDatabase(database),
    close: () => whole.close(),
  };
}
