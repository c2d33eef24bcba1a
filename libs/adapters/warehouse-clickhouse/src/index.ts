export { clickHouseName, clickHouseUrl, type ClickHouseServer } from './clickhouse-server.ts';
export { clusterStatements } from './cluster-statements.ts';
export { openClickHouseWarehouse, setAsideClickHouseWarehouse } from './open-clickhouse-warehouse.ts';
