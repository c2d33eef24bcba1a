import { chmod, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BareImage } from './build-image.ts';
import type { BareNetwork } from './bare-network.ts';
import { BareProcess, type BareCommand } from './bare-process.ts';
import type { Service } from './compose.ts';
import { docker } from './dockerfile.ts';
import { output, type RunOptions } from './run.ts';

const DATA = '/var/lib/heed';

/** One of Heed's own containers, bare: the image's command and settings with those of the compose file over them, and nothing else. */
export class BareApp {
  readonly #process: BareProcess;
  readonly #command: BareCommand;
  readonly #health: BareCommand;

  private constructor(process: BareProcess, command: BareCommand, health: BareCommand) {
    this.#process = process;
    this.#command = command;
    this.#health = health;
  }

  /** @param folder the container's own: its volume and its /tmp */
  static async start(
    name: string,
    { folder: root, config }: BareImage,
    service: Service,
    network: BareNetwork,
    folder: string,
  ): Promise<BareApp> {
    const temporary = join(folder, 'tmp');
    await mkdir(temporary, { recursive: true });
    await chmod(temporary, 0o777);
    const data = await dataOf(root, service, folder);
    const settings = { ...Object.fromEntries(config.Env.map(pair)), ...service.environment };
    const env = Object.fromEntries(
      Object.entries(settings)
        .filter(([key]) => key !== 'PATH')
        .map(([key, value]) => [
          key,
          key === 'HEED_DATA' ? data : network.rewrite(mounted(value, service), name),
        ]),
    );
    const [uid] = config.User.split(':').map(Number);
    const as = (words: readonly string[]): BareCommand => {
      const [file = '', ...args] = words;
      return {
        file: join(root, 'usr/local/bin', file),
        args,
        cwd: join(root, config.WorkingDir),
        env: { ...env, TMPDIR: temporary },
        ...(uid !== undefined && { uid }),
      };
    };
    const command = as([...config.Entrypoint, ...(service.command ?? config.Cmd ?? [])]);
    const health = as(config.Healthcheck?.Test.slice(1) ?? []);
    const log = join(folder, 'printed');
    const started = new BareApp(await BareProcess.start(command, log), command, health);
    await started.#process.untilHealthy(health);
    return started;
  }

  /** `docker compose exec`: another program in the container. `/var/lib/heed` is the volume. */
  async exec(words: readonly string[], options: Pick<RunOptions, 'input'> = {}): Promise<string> {
    const { file, cwd, env, uid } = this.#command;
    const args = words.slice(1).map((word) => word.replace(DATA, String(env['HEED_DATA'])));
    return output(file, args, { ...options, cwd, env: { ...env }, uid });
  }

  healthy(): Promise<void> {
    return this.#process.untilHealthy(this.#health);
  }

  printed(): string {
    return this.#process.printed();
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    return this.#process.stop(signal);
  }
}

function pair(setting: string): [string, string] {
  const at = setting.indexOf('=');
  return [setting.slice(0, at), setting.slice(at + 1)];
}

/** The path of a file that the compose file mounts, where it stands on this machine. */
function mounted(path: string, { volumes }: Service): string {
  const bind = volumes.find(({ type, target }) => type === 'bind' && path.startsWith(`${target}/`));
  return bind === undefined ? path : join(resolve(docker, bind.source), path.slice(bind.target.length));
}

/** A new volume is what the image has in its place, owner and all; without one it is part of a file system that nobody writes to. */
async function dataOf(root: string, service: Service, folder: string): Promise<string> {
  const data = join(folder, 'data');
  if (service.volumes.some(({ target }) => target === DATA)) {
    await output('cp', ['--archive', '--no-clobber', join(root, DATA), data]);
  } else {
    await mkdir(data, { recursive: true });
    await chmod(data, 0o555);
  }
  return data;
}
