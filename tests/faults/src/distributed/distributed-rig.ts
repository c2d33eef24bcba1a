import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { doctorReport, type Accounting, type DoctorReport } from '@heed/contract';
import {
  freePort,
  stackFolder,
  startClickHouseFront,
  startKafkaBroker,
  startPostgresServer,
  type ServerProcess,
} from '@heed/test-stack';
import { Kafka, logLevel, type Admin, type GroupDescription } from 'kafkajs';
import { accountIn } from '../account-in.ts';
import { answerFrom } from '../answer-from.ts';
import { startApp, type AppName } from './app-process.ts';
import { Restartable } from './restartable.ts';
import { until } from '../until.ts';

const TOPIC = 'heed.events';
const GROUP = 'heed.projector';
const DAY_MS = 86_400_000;

const JUMPING_CLOCK = new URL('../jumping-clock.ts', import.meta.url).href;

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
    await Promise.all([
      rig.broker.start(),
      rig.database.start(),
      rig.warehouse.start(),
      rig.setCollectorClock(0),
    ]);
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

  get controlUrl(): string {
    return this.#urlOf('control');
  }

  /** What stands on the disks of log and database. */
  get foldersBeneath(): readonly string[] {
    return [join(this.#folder, 'kafka'), join(this.#folder, 'postgres')];
  }

  /** The log's edge tells by it when it received something. */
  setCollectorClock(days: number): Promise<void> {
    return writeFile(join(this.#folder, 'clock'), new Float64Array([days * DAY_MS]));
  }

  /** Resolves when so many projectors share the partitions, and each knows its own. */
  async untilGroupHas(members: number): Promise<void> {
    await until(
      `${members} projectors share the partitions`,
      () => this.#group(),
      (group) => group.state === 'Stable' && group.members.length === members,
    );
  }

  /** All end, and start again when it is done. */
  async withoutProjectors(work: () => Promise<void>): Promise<void> {
    await Promise.all(this.projectors.map((projector) => projector.end('SIGTERM')));
    await work();
    for (const projector of this.projectors) await projector.startUntilUp();
  }

  async untilControlAnswers(): Promise<void> {
    await until(
      'control has its stores',
      () => answerFrom(`${this.controlUrl}/v1/lag`),
      () => true,
    );
  }

  /** Resolves when whoever only looks is answered, though the log answers nobody. */
  async untilOnlookersAreTold(): Promise<void> {
    await until(
      'control says that the log is away',
      async () => ({ answer: await answerFrom(`${this.controlUrl}/v1/status`) }),
      ({ answer }) => answer === null,
    );
    await until(
      'the collector tells its metrics',
      () => answerFrom(`${this.#urlOf('collector')}/metrics`),
      () => true,
    );
  }

  /** The accounting of a tenant once everything accepted has been read. */
  accountCaughtUp(tenant: string): Promise<Accounting> {
    return until(
      `all of ${tenant} is read`,
      async () => accountIn(await answerFrom(`${this.controlUrl}/v1/status`), tenant),
      ({ lag }) => lag === 0,
    );
  }

  doctor(): Promise<DoctorReport> {
    return until(
      'doctor has been everywhere',
      async () => {
        const answer = await answerFrom(`${this.controlUrl}/v1/doctor`);
        return answer === null ? null : doctorReport.parse(JSON.parse(answer));
      },
      () => true,
    );
  }

  /** Asks the brokers alone, so that it says so also while nobody else answers. */
  async untilLagIsAtLeast(entries: number): Promise<void> {
    await until(
      `the lag is at least ${entries}`,
      () => this.#lag(),
      (lag) => lag >= entries,
    );
  }

  /** Until it was so once: what comes in meanwhile counts as well. */
  async untilLagIsAtMost(entries: number): Promise<void> {
    await until(
      `the lag is at most ${entries}`,
      () => this.#lag(),
      (lag) => lag <= entries,
    );
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

  #group(): Promise<GroupDescription | null> {
    return this.#asked(async (admin) => (await admin.describeGroups([GROUP])).groups[0] ?? null);
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
      ...(place === 'collector' && {
        NODE_OPTIONS: `--import=${JUMPING_CLOCK}`,
        JUMPING_CLOCK: join(this.#folder, 'clock'),
      }),
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
