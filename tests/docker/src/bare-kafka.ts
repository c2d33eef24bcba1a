import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kafkaJars, startServer, type ServerProcess } from '@heed/test-stack';
import type { BareNetwork } from './bare-network.ts';
import type { Service } from './compose.ts';
import { output } from './run.ts';

const DATA = '/var/lib/kafka/data';

const log4j = `Configuration:
  Appenders:
    Console: { name: Console, PatternLayout: { pattern: '[%d] %p %m (%c)%n' } }
  Loggers:
    Root: { level: INFO, AppenderRef: [{ ref: Console }] }
    Logger: []
`;

/** Kafka's container, bare: the program with which the image turns its environment into a configuration and a formatted folder, then the broker on both. */
export async function startBareKafka(
  service: Service,
  network: BareNetwork,
  folder: string,
): Promise<ServerProcess> {
  const [defaults, mounted, final, data] = ['defaults', 'mounted', 'final', 'data'].map((name) =>
    join(folder, name),
  );
  for (const each of [defaults, mounted, final, data]) await mkdir(String(each), { recursive: true });
  await writeFile(join(String(defaults), 'server.properties'), '');
  for (const name of ['log4j2.yaml', 'tools-log4j2.yaml'])
    await writeFile(join(String(defaults), name), log4j);
  const env = Object.fromEntries(
    Object.entries(service.environment).map(([name, value]) => [
      name,
      network.rewrite(value, 'kafka').replace(DATA, String(data)),
    ]),
  );
  const java = ['-Xmx512m', '-cp', join(await kafkaJars(), '*')];
  const folders = [
    '--default-configs-dir',
    defaults,
    '--mounted-configs-dir',
    mounted,
    '--final-configs-dir',
    final,
  ];
  await output('java', [...java, 'kafka.docker.KafkaDockerWrapper', 'setup', ...folders.map(String)], {
    env,
  });
  return startServer({
    name: 'The Kafka broker',
    file: 'java',
    args: [
      `-Dlog4j2.configurationFile=${join(String(defaults), 'log4j2.yaml')}`,
      ...java,
      'kafka.Kafka',
      join(String(final), 'server.properties'),
    ],
    readyLine: 'Kafka Server started',
    cwd: folder,
  });
}
