import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { statusReport, type Accounting } from '@heed/contract';
import { startService, type Service } from '@heed/test-e2e';
import { folderOwner } from '@heed/warehouse-chdb';
import type { Fault } from './load/strikes.ts';
import { until } from './until.ts';

const LOOK_AGAIN_MS = 10;

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
      await until(async () => (await this.#databasePid()) !== before);
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
      await until(async () => ![undefined, killed].includes(await this.#databasePid()));
      await until(async () => (await fetch(`${this.#url}/v1/lag`)).ok);
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
  async accountCaughtUp(tenant: string): Promise<Accounting> {
    for (;;) {
      const { tenants } = statusReport.parse(await (await fetch(`${this.#url}/v1/status`)).json());
      const account = tenants.find((one) => one.tenant === tenant);
      if (account?.lag === 0) return account;
      await delay(LOOK_AGAIN_MS);
    }
  }

  async #killDatabase(): Promise<number | undefined> {
    const pid = await this.#databasePid();
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    return pid;
  }

  /** As PostgreSQL notes it in its folder; a killed one leaves its note behind. */
  async #databasePid(): Promise<number | undefined> {
    const note = await readFile(join(this.#dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
    const pid = Number.parseInt(note, 10);
    return pid > 0 ? pid : undefined;
  }
}
