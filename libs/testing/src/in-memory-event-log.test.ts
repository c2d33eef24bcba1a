import { eventLogContract } from './event-log.contract.ts';
import { inMemoryEventLog } from './in-memory-event-log.ts';

eventLogContract('the log in memory', () => Promise.resolve(inMemoryEventLog()));
