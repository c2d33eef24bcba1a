import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { doctorReport, statusReport, type Accounting, type DoctorReport } from '@heed/contract';
import {
  freePort,
  stackFolder,
  startClickHouseFront,
  startKafkaBroker,
  startPostgresServer,
  type ServerProcess,
} from '@heed/test-stack';
import { Kafka, logLevel, type Admin, type GroupDescription } from 'kafkajs';
import { startApp, type AppName } from './app-process.ts';
import { Restartable } from './restartable.ts';
import { until } from '../until.ts';

const TOPIC = 'heed.events';
const GROUP = 'heed.projector';

/** What a scraper of metrics has patience for. */
const ONLOOKER_MS = 5_000;

/** A Heed of several processes on real servers, each of which can be killed, paused and started again. */
export class DistributedRig {
  readonly broker: Restartable<Awaited<ReturnType<typeof startKafkaBroker>>>;
  readonly database: Restartable<Awaited<ReturnType<typeof startPostgresServer>>>;
  readonly warehouse: Restartable<Awaited<ReturnType<typeof startClickHouseFront>>>;
  readonly collector: Restartable<ServerProcess>;
  readonly control: Restartable<ServerProcess>;
  /** Two that share the partitions, and one that comes and goes. */
  readonly projectors: readonly [first: Restartable<ServerProcess>, second: Restartable<ServerProcess>];
  readonly guest: Restartable<ServerProcess>;
  readonly #folder: string;
  readonly #ports: ReadonlyMap<string, number>;

  private constructor(folder: string, ports: ReadonlyMap<string, number>) {
    this.#folder = folder;
    this.#ports = ports;
    this.broker = new Restartable(() => startKafkaBroker(join(folder, 'kafka')));
    this.database = new Restartable(() => startPostgresServer(join(folder, 'postgres')));
    this.warehouse = new Restartable(() => startClickHouseFront(join(folder, 'clickhouse')));
    const app = (name: AppName, place: string): Restartable<ServerProcess> =>
      new Restartable(() => startApp(name, this.#portOf(place), this.#settings(place)));
    this.collector = app('collector', 'collector');
    this.control = app('control', 'control');
    this.projectors = [app('projector', 'projector-1'), app('projector', 'projector-2')];
    this.guest = app('projector', 'projector-3');
  }

  static async open(): Promise<DistributedRig> {
    const places = ['collector', 'control', 'projector-1', 'projector-2', 'projector-3'];
    const ports = new Map<string, number>();
    for (const place of places) ports.set(place, await freePort());
    const rig = new DistributedRig(await stackFolder(), ports);
    await Promise.all([rig.broker.start(), rig.database.start(), rig.warehouse.start()]);
    // The first makes tables and topics; those that come at the same time wait for it or find them.
    for (const app of [rig.control, rig.collector, ...rig.projectors]) await app.start();
    await rig.untilGroupHas(2);
    return rig;
  }

  async close(): Promise<void> {
    const apps = [this.collector, this.control, ...this.projectors, this.guest];
    await Promise.all(apps.map((app) => app.end('SIGTERM')));
    await Promise.all([
      this.broker.end('SIGTERM'),
      this.database.end('SIGINT'),
      this.warehouse.end('SIGTERM'),
    ]);
    await rm(this.#folder, { recursive: true });
  }

  readonly collectorUrl = (): string => this.#urlOf('collector');

  get warehouseUrl(): string {
    return this.warehouse.server.url;
  }

  /** Resolves when so many projectors share the partitions, and each knows its own. */
  untilGroupHas(members: number): Promise<void> {
    return until(async () => {
      const group = await this.#group();
      return group.state === 'Stable' && group.members.length === members;
    });
  }

  async untilControlAnswers(): Promise<void> {
    await until(async () => (await fetch(`${this.#urlOf('control')}/v1/lag`)).ok);
  }

  /** Resolves when whoever only looks is answered, though the log answers nobody. */
  async untilOnlookersAreTold(): Promise<void> {
    const ask = (url: string): Promise<Response> => fetch(url, { signal: AbortSignal.timeout(ONLOOKER_MS) });
    await until(async () => (await ask(`${this.#urlOf('control')}/v1/status`)).status === 503);
    await until(async () => (await ask(`${this.#urlOf('collector')}/metrics`)).ok);
  }

  async isCaughtUp(): Promise<boolean> {
    const { tenants } = statusReport.parse(await this.#askControl('status'));
    return tenants.every(({ lag }) => lag === 0);
  }

  /** The accounting of a tenant once everything accepted has been read. */
  async accountCaughtUp(tenant: string): Promise<Accounting> {
    let found: Accounting | undefined;
    await until(async () => {
      const { tenants } = statusReport.parse(await this.#askControl('status'));
      found = tenants.find((one) => one.tenant === tenant);
      return found?.lag === 0;
    });
    if (found === undefined) throw new Error(`nothing of ${tenant} was accepted`);
    return found;
  }

  async doctor(): Promise<DoctorReport> {
    return doctorReport.parse(await this.#askControl('doctor'));
  }

  async #askControl(what: string): Promise<unknown> {
    const response = await fetch(`${this.#urlOf('control')}/v1/${what}`);
    return response.json();
  }

  /** Asks the brokers alone, so that it says so also while nobody else answers. */
  untilLagIsAtLeast(entries: number): Promise<void> {
    return until(async () => (await this.#lag()) >= entries);
  }

  /** Until it was so once: what comes in meanwhile counts as well. */
  untilLagIsAtMost(entries: number): Promise<void> {
    return until(async () => (await this.#lag()) <= entries);
  }

  async #lag(): Promise<number> {
    const [heads, committed] = await this.#asked(async (admin) => [
      await admin.fetchTopicOffsets(TOPIC),
      await admin.fetchOffsets({ groupId: GROUP, topics: [TOPIC] }),
    ]);
    const read = committed.flatMap(({ partitions }) => partitions);
    // -1 where the group has read nothing yet.
    const sum = (offsets: readonly { readonly offset: string }[]): number =>
      offsets.reduce((total, { offset }) => total + Math.max(0, Number(offset)), 0);
    return sum(heads) - sum(read);
  }

  #group(): Promise<GroupDescription> {
    return this.#asked(async (admin) => {
      const [group] = (await admin.describeGroups([GROUP])).groups;
      if (group === undefined) throw new Error(`the broker knows no group ${GROUP}`);
      return group;
    });
  }

  async #asked<Answer>(ask: (admin: Admin) => Promise<Answer>): Promise<Answer> {
    const kafka = new Kafka({ brokers: [this.broker.server.address], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    try {
      return await ask(admin);
    } finally {
      await admin.disconnect();
    }
  }

  #settings(place: string): Readonly<Record<string, string>> {
    return {
      HEED_DATA: join(this.#folder, place),
      HEED_KAFKA_BROKERS: this.broker.server.address,
      DATABASE_URL: this.database.server.databaseUrl,
      HEED_CLICKHOUSE_URL: this.warehouse.server.url,
    };
  }

  #urlOf(place: string): string {
    return `http://127.0.0.1:${this.#portOf(place)}`;
  }

  #portOf(place: string): number {
    const port = this.#ports.get(place);
    if (port === undefined) throw new Error(`no port was taken for ${place}`);
    return port;
  }
}
