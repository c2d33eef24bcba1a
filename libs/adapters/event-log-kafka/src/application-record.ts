import { createHash } from 'node:crypto';
import { logEntryOf, type EventLimits, type NewLogEntry } from '@heed/events';
import { tenantId, type TenantId } from '@heed/kernel';
import { binaryEvent } from './binary-event.ts';
import { textOf, type LogRecord } from './log-record.ts';

const TENANT_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/u;
const DEFAULT_TENANT = tenantId('default');

/**
 * The entry of a record that an application wrote itself, in either mode of the CloudEvents Kafka binding. It is judged as the edge
 * would have judged it at the moment that the record carries, so every reader comes to the same.
 *
 * @param keyTenant what stands before the first '/' of the record's key; a `heed-tenant` header goes before it
 */
export function applicationEntry(
  record: LogRecord,
  keyTenant: TenantId | undefined,
  limits?: EventLimits,
): NewLogEntry {
  const named = textOf(record.headers['heed-tenant']) ?? keyTenant ?? DEFAULT_TENANT;
  const received = {
    tenant: TENANT_NAME.test(named) ? tenantId(named) : DEFAULT_TENANT,
    receivedAtMs: record.timestampMs,
    body: binaryEvent(record) ?? record.value ?? '',
  };
  return logEntryOf(received, { sha256, ...(limits && { limits }) }).entry;
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
