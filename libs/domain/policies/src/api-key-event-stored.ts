import { tenantId } from '@heed/kernel';
import { z } from 'zod';
import { apiKeyId, KEY_KINDS, type ApiKeyEvent } from './api-key.ts';
import type { NewStoredEvent } from './event-store.ts';
import {
  attributionFromStored,
  attributionToStored,
  parseStored,
  storedAttribution,
  unknownType,
} from './stored-shape.ts';

// The stored shapes, apart from the domain's, as those of a fix are (see fix-event-stored.ts). `golden-api-key/` has the bytes of
// every version.

const apiKeyCreatedV1 = storedAttribution.extend({
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
  const by = attributionToStored(event);
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
      const { key: id, at, who, why, sha256: hash, ...rest } = parseStored(apiKeyCreatedV1, type, data);
      return { kind: 'api-key-created', key: { id, hash, ...rest }, atMs: Date.parse(at), who, why };
    }
    case 'api-key-revoked.v1':
      return { kind: 'api-key-revoked', ...attributionFromStored(type, data) };
    default:
      throw unknownType(type);
  }
}
