import { doctorReport, type DoctorReport } from '@heed/contract';
import type { EventLog } from '@heed/events';
import { Describe, EVENT_LOG, PROJECTOR_GROUP, WAREHOUSE_READER } from '@heed/platform';
import type { WarehouseReader } from '@heed/sessions';
import { Controller, Get, Inject } from '@nestjs/common';
import { accountFor } from './account-for.ts';

/** Facts of the machine and the program that only the app knows, and what is wrong with them. */
export type Examine = () => Promise<{
  readonly versions: Readonly<Record<string, string>>;
  readonly problems: readonly { readonly what: string; readonly do: string }[];
}>;

export const EXAMINE = Symbol('Examine');

@Controller('v1/doctor')
export class DoctorController {
  readonly #log: EventLog;
  readonly #warehouse: WarehouseReader;
  readonly #examine: Examine;

  constructor(
    @Inject(EVENT_LOG) log: EventLog,
    @Inject(WAREHOUSE_READER) warehouse: WarehouseReader,
    @Inject(EXAMINE) examine: Examine,
  ) {
    this.#log = log;
    this.#warehouse = warehouse;
    this.#examine = examine;
  }

  @Get()
  @Describe({
    summary: 'The accounting over all tenants, versions, and problems with what to do about each.',
    response: doctorReport,
  })
  async examine(): Promise<DoctorReport> {
    const [accounts, { versions, problems }] = await Promise.all([
      accountFor(this.#log, this.#warehouse, PROJECTOR_GROUP),
      this.#examine(),
    ]);
    const sum = (pick: (account: (typeof accounts)[number]) => number): number =>
      accounts.reduce((total, account) => total + pick(account), 0);
    const unbalanced = accounts.filter(({ balanced }) => !balanced).map(({ tenant }) => tenant);
    return {
      accepted: sum(({ accepted }) => accepted),
      stored: sum(({ stored }) => stored),
      deadLettered: sum(({ deadLettered }) => deadLettered),
      lag: accounts[0]?.lag ?? 0,
      balanced: unbalanced.length === 0,
      versions: { ...versions },
      problems: [
        ...problems,
        ...unbalanced.map((tenant) => ({
          what: `Tenant ${tenant}: accepted is not stored + dead-lettered.`,
          do: 'Run `heed replay --verify` to see which table differs, then `heed replay` to rebuild it from the log.',
        })),
      ],
    };
  }
}
