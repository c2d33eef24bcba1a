import { storesContract } from './stores.contract.ts';

// In a file of its own, so that it runs beside the other.
storesContract('a ClickHouse cluster', { cluster: 'heed' });
