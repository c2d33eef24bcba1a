import { Fault, tenantId } from '@heed/kernel';
import { z } from 'zod';
import { apiKeyId, KEY_KINDS, type ApiKeyEvent } from './api-key.ts';
import type { NewStoredEvent } from './event-store.ts';

// The stored shapes, apart from the domain's, as those of a fix are (see fix-event-stored.ts). `golden-api-key/` has the bytes of
// every version.

const attribution = z.object({ at: z.iso.datetime(), who: z.string(), why: z.string() });

const apiKeyCreatedV1 = attribution.extend({
  key: z.string().transform(apiKeyId),
  kind: z.enum(KEY_KINDS),
  tenant: z.string().transform(tenantId).nullable(),
  name: z.string(),
  origins: z.array(z.string()),
  requestsPerSecond: z.number().nullable(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The shape in which an event of a key is stored, at the newest version of its type. The inverse of `apiKeyEventFromStored`. */
export function apiKeyEventToStored(event: ApiKeyEvent): NewStoredEvent {
  const by = { at: new Date(event.atMs).toISOString(), who: event.who, why: event.why };
  switch (event.kind) {
    case 'api-key-created': {
      const { id, kind, tenant, name, origins, requestsPerSecond, hash } = event.key;
      return {
        type: 'api-key-created.v1',
        data: { key: id, kind, tenant, name, origins, requestsPerSecond, sha256: hash, ...by },
      };
    }
    case 'api-key-revoked':
      return { type: 'api-key-revoked.v1', data: by };
  }
}

/**
 * Reads an event of any stored version as the domain has it now.
 *
 * @throws Fault `stored-event-unreadable` for a type or a shape that no version of Heed up to this one has written.
 */
export function apiKeyEventFromStored({ type, data }: NewStoredEvent): ApiKeyEvent {
  switch (type) {
    case 'api-key-created.v1': {
      const { key: id, at, who, why, sha256: hash, ...rest } = parse(apiKeyCreatedV1, type, data);
      return { kind: 'api-key-created', key: { id, hash, ...rest }, atMs: Date.parse(at), who, why };
    }
    case 'api-key-revoked.v1': {
      const { at, who, why } = parse(attribution, type, data);
      return { kind: 'api-key-revoked', atMs: Date.parse(at), who, why };
    }
    default:
      throw unreadable(type, 'this version of Heed does not know the type');
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, type: string, data: unknown): z.output<Schema> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw unreadable(type, z.prettifyError(parsed.error));
}

function unreadable(type: string, why: string): Fault {
  return new Fault(
    'stored-event-unreadable',
    `A stored event '${type}' cannot be read: ${why}.`,
    'Run the newest version of Heed that was ever used on this data folder, or restore the folder from a backup.',
  );
}
