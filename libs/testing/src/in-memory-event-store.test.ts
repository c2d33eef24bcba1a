import { bundleStoreContract } from './bundle-store.contract.ts';
import { eventStoreContract } from './event-store.contract.ts';
import { inMemoryBundleStore } from './in-memory-bundle-store.ts';
import { inMemoryEventStore } from './in-memory-event-store.ts';
import { inMemoryModelFiles } from './in-memory-model-files.ts';
import { inMemoryRetentionStore } from './in-memory-retention-store.ts';
import { modelFilesContract } from './model-files.contract.ts';
import { retentionStoreContract } from './retention-store.contract.ts';

eventStoreContract('the store in memory', () => Promise.resolve(inMemoryEventStore()));
bundleStoreContract('the store in memory', () => Promise.resolve(inMemoryBundleStore()));
modelFilesContract('the store in memory', () => Promise.resolve(inMemoryModelFiles()));
retentionStoreContract('the store in memory', () => Promise.resolve(inMemoryRetentionStore()));
