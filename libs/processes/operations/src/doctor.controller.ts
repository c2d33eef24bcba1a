import { doctorReport, type DoctorReport } from '@heed/contract';
import type { EventLog } from '@heed/events';
import { tenantId, type TenantId } from '@heed/kernel';
import { BoundTo, Describe, EVENT_LOG, LeastRole, PROJECTOR_GROUP, WAREHOUSE_READER } from '@heed/platform';
import type { WarehouseReader } from '@heed/sessions';
import { Controller, Get, Inject } from '@nestjs/common';
import { accountFor } from './account-for.ts';
import { Retention } from './retention.ts';

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
  readonly #retention: Retention;

  constructor(
    @Inject(EVENT_LOG) log: EventLog,
    @Inject(WAREHOUSE_READER) warehouse: WarehouseReader,
    @Inject(EXAMINE) examine: Examine,
    @Inject(Retention) retention: Retention,
  ) {
    this.#log = log;
    this.#warehouse = warehouse;
    this.#examine = examine;
    this.#retention = retention;
  }

  @Get()
  @LeastRole('analyst')
  @Describe({
    summary:
      'The accounting over all tenants that the key reaches, versions, and problems with what to do about each.',
    response: doctorReport,
  })
  async examine(@BoundTo() boundTo: TenantId | null): Promise<DoctorReport> {
    const [all, { versions, problems }] = await Promise.all([
      accountFor(this.#log, this.#warehouse, PROJECTOR_GROUP),
      this.#examine(),
    ]);
    const accounts = all.filter(({ tenant }) => boundTo === null || tenant === boundTo);
    const sum = (pick: (account: (typeof accounts)[number]) => number): number =>
      accounts.reduce((total, account) => total + pick(account), 0);
    const unbalanced = accounts.filter(({ balanced }) => !balanced).map(({ tenant }) => tenant);
    return {
      accepted: sum(({ accepted }) => accepted),
      stored: sum(({ stored }) => stored),
      waiting: sum(({ waiting }) => waiting),
      deadLettered: sum(({ deadLettered }) => deadLettered),
      redriven: sum(({ redriven }) => redriven),
      expired: sum(({ expired }) => expired),
      lag: accounts[0]?.lag ?? 0,
      balanced: unbalanced.length === 0,
      versions: { ...versions },
      problems: [
        // The machine is the business of those who run it.
        ...(boundTo === null ? problems : []),
        ...(await this.#retention.problems(accounts.map(({ tenant }) => tenantId(tenant)))),
        ...unbalanced.map((tenant) => ({
          what: `Tenant ${tenant}: accepted is not stored + dead-lettered.`,
          do: 'Run `heed replay --verify` to see which table differs, then `heed replay` to rebuild it from the log.',
        })),
      ],
    };
  }
}
