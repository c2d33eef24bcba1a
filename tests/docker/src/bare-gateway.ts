import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@heed/kernel';
import type { BareNetwork } from './bare-network.ts';
import { BareProcess } from './bare-process.ts';
import type { Service } from './compose.ts';
import { docker } from './dockerfile.ts';
import { run } from './run.ts';

const CONFIGURATION = '/etc/heed/nginx.conf';

/** The gateway's container, bare: this machine's nginx by the command of the compose file, with the very configuration, but for addresses and /tmp. */
export async function startBareGateway(
  service: Service,
  network: BareNetwork,
  folder: string,
): Promise<BareProcess> {
  const file = await findNginx();
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  for (const each of [folder, temporary]) await chmod(each, 0o777);
  const configuration = join(folder, 'nginx.conf');
  const text = await readFile(join(docker, 'gateway/nginx.conf'), 'utf8');
  const address = network.address('gateway');
  await writeFile(
    configuration,
    network
      .rewrite(text, 'gateway')
      .replace('listen 8585', `listen ${address}:8585`)
      .replaceAll(' /tmp/', ` ${temporary}/`),
  );
  const args = (service.command ?? [])
    .slice(1)
    .map((word) => (word === CONFIGURATION ? configuration : word));
  const [uid] = (service.user ?? '').split(':').map(Number);
  const command = {
    file,
    args,
    cwd: folder,
    env: { PATH: '/usr/sbin:/usr/bin:/bin' },
    ...(uid !== undefined && { uid }),
  };
  const gateway = await BareProcess.start(command, join(folder, 'printed'));
  const [asker = '', ...words] = service.healthcheck?.test.slice(1) ?? [];
  const question = words.map((word) => network.rewrite(word, 'gateway'));
  await gateway.untilHealthy({ file: asker, args: question, cwd: folder, env: { PATH: '/usr/bin:/bin' } });
  return gateway;
}

async function findNginx(): Promise<string> {
  for (const candidate of ['nginx', '/usr/sbin/nginx']) {
    const found = await run(candidate, ['-v']).catch(() => undefined);
    if (found?.code === 0) return candidate;
  }
  throw new Fault(
    'nginx-missing',
    'There is no `nginx`, which is the gateway.',
    'Install it; on Debian and Ubuntu: apt-get install nginx-light',
  );
}
