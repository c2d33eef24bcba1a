export { expiredBefore } from './expired-before.ts';
export { dayText, decideHorizon, MOST_DAYS_BY_ITSELF, type Horizon, type HorizonAnswer } from './horizon.ts';
export {
  type DrawnHorizons,
  type ExpiredCounts,
  type RemoveEntries,
  type RetentionRule,
  type RetentionStore,
  type WarehouseExpiry,
} from './retention-store.ts';
