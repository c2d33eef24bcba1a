import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Accounting } from '@heed/contract';
import { startService, type Service } from '@heed/test-e2e';
import { folderOwner } from '@heed/warehouse-chdb';
import { accountIn } from './account-in.ts';
import { answerFrom } from './answer-from.ts';
import type { Fault } from './load/strikes.ts';
import { until } from './until.ts';

/** The built standalone on one folder, which can be killed in its parts and comes back. */
export class StandaloneRig {
  readonly #dataDir: string;
  readonly #settings: Readonly<Record<string, string>>;
  #service: Service | undefined;
  #url = '';

  constructor(dataDir: string, settings: Readonly<Record<string, string>> = {}) {
    this.#dataDir = dataDir;
    this.#settings = settings;
  }

  /** Where it answers, or answered last. */
  readonly url = (): string => this.#url;

  get service(): Service {
    if (this.#service === undefined) throw new Error('the service does not run');
    return this.#service;
  }

  async start(): Promise<void> {
    this.#service = await startService(this.#dataDir, ['--no-demo'], this.#settings);
    this.#url = this.#service.url;
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    this.#service = undefined;
  }

  readonly serviceKilled: Fault = {
    name: 'the service is killed',
    strike: async () => {
      await this.service.stop('SIGKILL');
      await this.start();
    },
  };

  /** Where it is when its database is being started: the folder is claimed, nothing is open yet, or some of it. */
  readonly killedAsItStarts: Fault = {
    name: 'the service is killed, and again as it starts',
    strike: async () => {
      await this.service.stop('SIGKILL');
      const before = await this.#databasePid();
      const starting = this.start().then(
        () => 'started' as const,
        () => 'ended' as const,
      );
      await until(
        'its database is being started',
        async () => ({ pid: await this.#databasePid() }),
        ({ pid }) => pid !== before,
      );
      const owner = folderOwner(this.#dataDir);
      if (owner !== null) process.kill(owner.pid, 'SIGKILL');
      if ((await starting) === 'started') await this.service.stop('SIGKILL');
      await this.start();
    },
  };

  readonly databaseKilled: Fault = {
    name: 'the database is killed',
    strike: async () => {
      const killed = await this.#killDatabase();
      await until(
        'another database runs',
        () => this.#databasePid(),
        (pid) => pid !== killed,
      );
      await until(
        'the service has its database again',
        () => answerFrom(`${this.#url}/v1/lag`),
        () => true,
      );
    },
  };

  readonly bothKilled: Fault = {
    name: 'service and database are killed at once',
    strike: async () => {
      const ended = this.service.stop('SIGKILL');
      await this.#killDatabase();
      await ended;
      await this.start();
    },
  };

  /** The accounting of a tenant once everything accepted has been read. */
  accountCaughtUp(tenant: string): Promise<Accounting> {
    return until(
      `all of ${tenant} is read`,
      async () => accountIn(await answerFrom(`${this.#url}/v1/status`), tenant),
      ({ lag }) => lag === 0,
    );
  }

  async #killDatabase(): Promise<number | null> {
    const pid = await this.#databasePid();
    if (pid !== null) process.kill(pid, 'SIGKILL');
    return pid;
  }

  /** As PostgreSQL notes it in its folder; a killed one leaves its note behind. */
  async #databasePid(): Promise<number | null> {
    const file = join(this.#dataDir, 'postgres', 'postmaster.pid');
    if (!existsSync(file)) return null;
    const pid = Number.parseInt(await readFile(file, 'utf8'), 10);
    return pid > 0 ? pid : null;
  }
}
