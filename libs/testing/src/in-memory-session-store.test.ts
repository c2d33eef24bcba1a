import { InMemorySessionStore } from './in-memory-session-store.ts';
import { sessionStoreContract } from './session-store.contract.ts';

sessionStoreContract('InMemorySessionStore', () => Promise.resolve({ sessions: new InMemorySessionStore() }));
