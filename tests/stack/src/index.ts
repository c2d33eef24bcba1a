export { startKafkaBroker, type KafkaBroker } from './kafka-broker.ts';
export { startPostgresServer, type PostgresServer } from './postgres-server.ts';
export type { ServerProcess } from './server-process.ts';
export { stackFolder } from './stack-folder.ts';
