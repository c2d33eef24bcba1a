export { startClickHouseFront, type ClickHouseFrontProcess } from './clickhouse-front.ts';
export { freePort } from './free-port.ts';
export { kafkaJars } from './kafka-jars.ts';
export { startKafkaBroker, type KafkaBroker } from './kafka-broker.ts';
export { startPostgresServer, type PostgresServer } from './postgres-server.ts';
export { startServer, type ServerProcess } from './server-process.ts';
export { stackFolder } from './stack-folder.ts';
