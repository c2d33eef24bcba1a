// `npm run stack`: the two servers of a distributed Heed, real ones, on this machine, until Ctrl-C.
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Fault } from '@heed/kernel';
import { startKafkaBroker } from './kafka-broker.ts';
import { startPostgresServer } from './postgres-server.ts';
import { stackFolder } from './stack-folder.ts';

const usage = `npm run stack -- [--data FOLDER] [--env]

Starts a Kafka broker and a PostgreSQL server on 127.0.0.1 and prints where they are, as one JSON line; with --env as lines for a shell.
Their data goes to FOLDER and stays there; without one to a folder that is removed at the end. Ctrl-C ends both.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, env: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help === true) return void process.stdout.write(`${usage}\n`);
  const interrupted = Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
  const folder = values.data === undefined ? await stackFolder() : resolve(values.data);
  const ends: (() => Promise<void>)[] = [];
  try {
    const broker = await startKafkaBroker(join(folder, 'kafka'));
    ends.push(() => broker.end('SIGTERM'));
    const postgres = await startPostgresServer(join(folder, 'postgres'));
    ends.push(() => postgres.end('SIGINT'));
    process.stdout.write(
      values.env === true
        ? `HEED_KAFKA_BROKERS=${broker.address}\nDATABASE_URL=${postgres.databaseUrl}\n`
        : `${JSON.stringify({ kafkaBrokers: [broker.address], databaseUrl: postgres.databaseUrl })}\n`,
    );
    await interrupted;
  } finally {
    await Promise.all(ends.map((end) => end()));
    if (values.data === undefined) await rm(folder, { recursive: true });
  }
}

try {
  await main();
} catch (thrown) {
  process.stderr.write(
    thrown instanceof Fault ? `${thrown.message}\n${thrown.remedy}\n` : `${String(thrown)}\n${usage}\n`,
  );
  process.exitCode = 1;
}
