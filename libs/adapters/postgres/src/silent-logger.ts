import type { Logger } from 'typeorm';

const nothing = (): void => undefined;

/** TypeORM would write to standard output, which belongs to the commands' JSON; what fails is thrown and told by the app. */
export const silentLogger: Logger = {
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
};
