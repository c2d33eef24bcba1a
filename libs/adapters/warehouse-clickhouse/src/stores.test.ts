import { storesContract } from './stores.contract.ts';

storesContract('a ClickHouse server', {});
