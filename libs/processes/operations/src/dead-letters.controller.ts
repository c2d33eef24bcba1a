import {
  deadLetterList,
  deadLetterState,
  deadLetterView,
  ingestResult,
  redriveRequest,
  type DeadLetterList,
  type DeadLetterView,
  type IngestResult,
  type RedriveRequest,
} from '@heed/contract';
import { Fault, type TenantId } from '@heed/kernel';
import { Describe, LeastRole, Tenant, WAREHOUSE_READER, ZodPipe } from '@heed/platform';
import type { SizedDeadLetter, WarehouseReader } from '@heed/sessions';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { REDRIVE, type Redrive } from './redrive.ts';
import { shortId } from './short-id.ts';
import { whyNotAgain } from './why-not-again.ts';

const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
  state: deadLetterState.default('open'),
});

@Controller('v1/dead-letters')
export class DeadLettersController {
  readonly #warehouse: WarehouseReader;
  readonly #redrive: Redrive;

  constructor(@Inject(WAREHOUSE_READER) warehouse: WarehouseReader, @Inject(REDRIVE) redrive: Redrive) {
    this.#warehouse = warehouse;
    this.#redrive = redrive;
  }

  @Get()
  @LeastRole('analyst')
  @Describe({
    summary:
      'What was acknowledged and could not become part of a session, newest first: the open ones, unless `state` says otherwise. ' +
      'Of each its first bytes; see the one for all.',
    response: deadLetterList,
    query: listQuery,
  })
  async list(
    @Tenant() tenant: TenantId,
    @Query(new ZodPipe(listQuery)) { limit, state }: z.output<typeof listQuery>,
  ): Promise<DeadLetterList> {
    const { total, byReason, waiting, redriven, rows } = await this.#warehouse.deadLetters(
      tenant,
      limit,
      state,
    );
    return { total, reasons: { ...byReason }, waiting, redriven, deadLetters: rows.map(viewOf) };
  }

  @Get(':id')
  @LeastRole('analyst')
  @Describe({
    summary:
      'One dead letter with its original bytes, open or not. `id` may be its beginning, its short id or the id of its event.',
    response: deadLetterView,
    params: { id: z.string() },
  })
  async one(@Tenant() tenant: TenantId, @Param('id') id: string): Promise<DeadLetterView> {
    const row = await this.#warehouse.deadLetter(tenant, id);
    if (row === null) throw unknown();
    return viewOf(row);
  }

  @Post(':id/redrive')
  @HttpCode(200)
  @LeastRole('analyst')
  @Describe({
    summary:
      'Sends it again, as it was or corrected. When an event takes its place it leaves the list and stays on record. Harmless when repeated.',
    params: { id: z.string() },
    request: redriveRequest,
    response: ingestResult,
  })
  async redrive(
    @Tenant() tenant: TenantId,
    @Param('id') id: string,
    @Body(new ZodPipe(redriveRequest)) { event }: RedriveRequest,
  ): Promise<IngestResult> {
    const row = await this.#warehouse.deadLetter(tenant, id);
    if (row === null) {
      if (await this.#warehouse.hasEvent(tenant, id))
        return { id, status: 'duplicate', detail: IN_ITS_PLACE };
      throw unknown();
    }
    if (event !== undefined) return this.#redrive(tenant, row.key, JSON.stringify(event));
    return whyNotAgain(row) ?? this.#redrive(tenant, row.key, row.body);
  }
}

const IN_ITS_PLACE = 'the event is part of its session: nothing is left to be done';

function unknown(): Fault {
  return new Fault(
    'dead-letter-unknown',
    'This tenant has no dead letter of that id.',
    'List them with `heed dead-letters`. One whose turn came has become part of its session and is gone from the list.',
  );
}

function viewOf(row: SizedDeadLetter): DeadLetterView {
  const { waitsUntilMs } = row;
  return {
    id: row.key,
    shortId: shortId(row.key),
    state: row.state,
    reason: row.reason,
    detail: row.detail,
    remedy: row.remedy,
    eventId: row.eventId,
    eventType: row.eventType,
    session: row.session,
    firstSeen: iso(row.receivedAtMs),
    count: row.count,
    waitsUntil: waitsUntilMs === undefined ? null : iso(waitsUntilMs),
    redriven: row.redrives.map(({ eventId, receivedAtMs }) => ({ event: eventId, at: iso(receivedAtMs) })),
    bytes: row.body,
    bytesLength: row.bodyBytes,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
