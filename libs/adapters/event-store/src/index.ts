export { postgresBundleStore } from './postgres-bundle-store.ts';
export { postgresEventStore } from './postgres-event-store.ts';
export { postgresRetentionStore } from './postgres-retention-store.ts';
