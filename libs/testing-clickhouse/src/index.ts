export { openClickHouseFront, type ClickHouseFront, type FrontRequest } from './open-clickhouse-front.ts';
