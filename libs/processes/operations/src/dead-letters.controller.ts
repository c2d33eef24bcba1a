import {
  deadLetterList,
  deadLetterView,
  ingestResult,
  redriveRequest,
  type DeadLetterList,
  type DeadLetterView,
  type IngestResult,
  type RedriveRequest,
} from '@heed/contract';
import { Fault, type TenantId } from '@heed/kernel';
import { Describe, Tenant, WAREHOUSE_READER, ZodPipe } from '@heed/platform';
import type { SizedDeadLetter, WarehouseReader } from '@heed/sessions';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { REDRIVE, type Redrive } from './redrive.ts';

const listQuery = z.object({ limit: z.coerce.number().int().min(1).max(10_000).default(100) });

@Controller('v1/dead-letters')
export class DeadLettersController {
  readonly #warehouse: WarehouseReader;
  readonly #redrive: Redrive;

  constructor(@Inject(WAREHOUSE_READER) warehouse: WarehouseReader, @Inject(REDRIVE) redrive: Redrive) {
    this.#warehouse = warehouse;
    this.#redrive = redrive;
  }

  @Get()
  @Describe({
    summary:
      'What was acknowledged and could not become part of a session, newest first. Of each its first bytes; see the one for all.',
    response: deadLetterList,
  })
  async list(
    @Tenant() tenant: TenantId,
    @Query(new ZodPipe(listQuery)) { limit }: z.output<typeof listQuery>,
  ): Promise<DeadLetterList> {
    const { total, byReason, rows } = await this.#warehouse.deadLetters(tenant, limit);
    return { total, reasons: { ...byReason }, deadLetters: rows.map(viewOf) };
  }

  @Get(':id')
  @Describe({ summary: 'One dead letter with its original bytes.', response: deadLetterView })
  async one(@Tenant() tenant: TenantId, @Param('id') id: string): Promise<DeadLetterView> {
    return viewOf(await this.#find(tenant, id));
  }

  @Post(':id/redrive')
  @HttpCode(200)
  @Describe({
    summary: 'Sends it again, as it was or corrected. The dead letter itself stays on record.',
    request: redriveRequest,
    response: ingestResult,
  })
  async redrive(
    @Tenant() tenant: TenantId,
    @Param('id') id: string,
    @Body(new ZodPipe(redriveRequest)) { event }: RedriveRequest,
  ): Promise<IngestResult> {
    const row = await this.#find(tenant, id);
    return this.#redrive(tenant, event === undefined ? row.body : JSON.stringify(event));
  }

  async #find(tenant: TenantId, id: string): Promise<SizedDeadLetter> {
    const row = await this.#warehouse.deadLetter(tenant, id);
    if (row) return row;
    throw new Fault(
      'dead-letter-unknown',
      'This tenant has no dead letter of that id.',
      'List them with `heed dead-letters`. One whose turn came has become part of its session and is gone from the list.',
    );
  }
}

function viewOf(row: SizedDeadLetter): DeadLetterView {
  return {
    id: row.key,
    reason: row.reason,
    detail: row.detail,
    remedy: row.remedy,
    eventId: row.eventId,
    eventType: row.eventType,
    session: row.session,
    firstSeen: new Date(row.receivedAtMs).toISOString(),
    bytes: row.body,
    bytesLength: row.bodyBytes,
  };
}
