import { chainStoreContract } from './chain-store.contract.ts';
import { InMemoryChainStore } from './in-memory-chain-store.ts';
import { InMemorySessionStore } from './in-memory-session-store.ts';

chainStoreContract('InMemoryChainStore', () => {
  const sessions = new InMemorySessionStore();
  return Promise.resolve({ sessions, chains: new InMemoryChainStore(sessions) });
});
