import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { readFile } from 'node:fs/promises';
import { freePort } from './free-port.ts';
import { kafkaJars } from './kafka-jars.ts';
import { requireJava } from './required-tools.ts';
import { startServer, type ServerProcess } from './server-process.ts';

const run = promisify(execFile);

const ports = z.object({ broker: z.number(), controller: z.number() });
type Ports = z.infer<typeof ports>;

export interface KafkaBroker extends ServerProcess {
  /** As Kafka clients want it: `127.0.0.1:PORT`. The same when it is started again on its folder. */
  readonly address: string;
}

/**
 * One real broker, its own controller, listening on 127.0.0.1. `folder` is made when it is not there; a broker started again on it, after
 * an end of any kind, has its topics and its port.
 *
 * @example const broker = await startKafkaBroker(folder); ... await broker.end('SIGTERM');
 */
export async function startKafkaBroker(folder: string): Promise<KafkaBroker> {
  await requireJava();
  const classPath = join(await kafkaJars(), '*');
  const { broker, controller } = await portsOf(folder);
  const properties = join(folder, 'server.properties');
  await writeFile(properties, serverProperties(folder, { broker, controller }));
  await writeFile(join(folder, 'log4j2.properties'), log4j);
  const java = [
    '-Xmx512m',
    `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`,
    '-cp',
    classPath,
  ];
  if (!(await isFormatted(folder))) {
    const clusterId = randomBytes(16).toString('base64url').replace(/^-/u, 'A');
    const format = ['format', '--standalone', '--cluster-id', clusterId, '--config', properties];
    await run('java', [...java, 'kafka.tools.StorageTool', ...format]);
  }
  const server = await startServer({
    name: 'The Kafka broker',
    file: 'java',
    args: [...java, 'kafka.Kafka', properties],
    readyLine: 'Kafka Server started',
    cwd: folder,
  });
  return { ...server, address: `127.0.0.1:${broker}` };
}

/** Chosen once and kept: clients look for a broker that was killed where it was. */
async function portsOf(folder: string): Promise<Ports> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'ports.json');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return ports.parse(JSON.parse(kept));
  const chosen = { broker: await freePort(), controller: await freePort() };
  await writeFile(file, JSON.stringify(chosen));
  return chosen;
}

async function isFormatted(folder: string): Promise<boolean> {
  return access(join(folder, 'data', 'meta.properties')).then(
    () => true,
    () => false,
  );
}

/** What a cluster of many has for its safety is set to what one broker can do; the rest is as Kafka comes. */
function serverProperties(folder: string, { broker, controller }: Ports): string {
  return `process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${broker}
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:${controller}
log.dirs=${join(folder, 'data')}
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
`;
}

const log4j = `rootLogger.level = INFO
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d] %p %m (%c)%n
`;
