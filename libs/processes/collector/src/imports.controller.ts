import { importProgress, type ImportProgress as ImportProgressView } from '@heed/contract';
import type { ImportProgress } from '@heed/events';
import { Fault, type TenantId } from '@heed/kernel';
import { Describe, IMPORT_PROGRESS, Tenant, ZodPipe } from '@heed/platform';
import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { z } from 'zod';

const putRequest = z.object({ records: z.number().int().nonnegative() });
const FINGERPRINT = /^[0-9a-f]{16,128}$/;

@Controller('v1/imports')
export class ImportsController {
  readonly #progress: ImportProgress;

  constructor(@Inject(IMPORT_PROGRESS) progress: ImportProgress) {
    this.#progress = progress;
  }

  @Get(':fingerprint')
  @Describe({ summary: 'How many records of a file are in the log already.', response: importProgress })
  async get(@Tenant() tenant: TenantId, @Param('fingerprint') given: string): Promise<ImportProgressView> {
    const fingerprint = parseFingerprint(given);
    return { fingerprint, records: await this.#progress.get(tenant, fingerprint) };
  }

  @Put(':fingerprint')
  @Describe({ summary: 'Notes how far an import has come.', request: putRequest, response: importProgress })
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
