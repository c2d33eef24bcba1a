export { ImportProgressStore } from './import-progress-store.ts';
export { postgresEventLog } from './postgres-event-log.ts';
export { removeEntriesFrom } from './remove-entries.ts';
