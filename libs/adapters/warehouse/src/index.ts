export { encodeRows } from './encode-rows.ts';
export {
  isEmptyWarehouse,
  isPrepared,
  migrateWarehouse,
  readWarehouseMigrations,
  type WarehouseMigration,
} from './migrate-warehouse.ts';
export { isHalfReplaced } from './replace-tables.ts';
export { withLiterals } from './sql-literal.ts';
export { SqlForgettableRows } from './sql-forgettable-rows.ts';
export { SqlWarehouseCopies } from './sql-warehouse-copies.ts';
export { tracedWarehouse } from './traced-warehouse.ts';
export { SqlWarehouseReader } from './warehouse-reader.ts';
export { WarehouseChainStore } from './warehouse-chain-store.ts';
export { WarehouseTouchedEvents } from './warehouse-touched-events.ts';
export { WarehouseSessionStore } from './warehouse-session-store.ts';
export type { SqlValue, SqlValues, Warehouse } from './warehouse.ts';
export { SqlExpirableRows } from './sql-expirable-rows.ts';
export { WarehouseObservedTurns } from './observed-turns.ts';
export { WarehouseWatchedLog } from './watched-log.ts';
export { WarehouseScoredLog } from './scored-log.ts';
