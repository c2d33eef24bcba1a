import { importProgress, type ImportProgress as ImportProgressView } from '@heed/contract';
import type { ImportProgress } from '@heed/events';
import { Fault, type TenantId } from '@heed/kernel';
import { Describe, IMPORT_PROGRESS, LeastRole, Tenant, ZodPipe } from '@heed/platform';
import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { z } from 'zod';

const putRequest = z.object({ records: z.number().int().nonnegative() });
const FINGERPRINT = /^[0-9a-f]{16,128}$/;
const params = { fingerprint: z.string().regex(FINGERPRINT) };

@Controller('v1/imports')
export class ImportsController {
  readonly #progress: ImportProgress;

  constructor(@Inject(IMPORT_PROGRESS) progress: ImportProgress) {
    this.#progress = progress;
  }

  @Get(':fingerprint')
  @LeastRole('server')
  @Describe({
    summary: 'How many records of a file are in the log already.',
    response: importProgress,
    params,
  })
  async get(@Tenant() tenant: TenantId, @Param('fingerprint') given: string): Promise<ImportProgressView> {
    const fingerprint = parseFingerprint(given);
    return { fingerprint, records: await this.#progress.get(tenant, fingerprint) };
  }

  @Put(':fingerprint')
  @LeastRole('server')
  @Describe({
    summary: 'Notes how far an import has come.',
    request: putRequest,
    response: importProgress,
    params,
  })
  async put(
    @Tenant() tenant: TenantId,
    @Param('fingerprint') given: string,
    @Body(new ZodPipe(putRequest)) { records }: z.output<typeof putRequest>,
  ): Promise<ImportProgressView> {
    const fingerprint = parseFingerprint(given);
    await this.#progress.set(tenant, fingerprint, records);
    return { fingerprint, records };
  }
}

function parseFingerprint(given: string): string {
  if (FINGERPRINT.test(given)) return given;
  throw new Fault(
    'invalid-request',
    'That is no fingerprint of an import.',
    'Use 16 to 128 hexadecimal digits.',
  );
}
