export { postgresBundleStore } from './postgres-bundle-store.ts';
export { postgresEventStore } from './postgres-event-store.ts';
export { postgresModelFiles } from './postgres-model-files.ts';
export { postgresRetentionStore } from './postgres-retention-store.ts';
