import { WEB_ORIGIN } from '@heed/policies';
import { z } from 'zod';

/** Each may do what those before it may, and more (docs/keys.md). */
export const API_KEY_KINDS = ['browser', 'server', 'analyst', 'admin'] as const;
export const apiKeyKind = z.enum(API_KEY_KINDS);
export type ApiKeyKind = z.infer<typeof apiKeyKind>;

const who = z.string().min(1).max(200).optional();
const why = z.string().max(2000).optional();

/** What each kind takes, for whoever reads the schema: that it is so is decided where keys are, which says why. */
const BY_KIND = {
  oneOf: [
    {
      properties: { kind: { const: 'browser' }, origins: { minItems: 1 }, allTenants: { const: false } },
      required: ['origins'],
    },
    {
      properties: {
        kind: { enum: ['server', 'analyst'] },
        origins: { maxItems: 0 },
        allTenants: { const: false },
      },
    },
    { properties: { kind: { const: 'admin' }, origins: { maxItems: 0 } } },
  ],
};

const keyFacts = z.strictObject({
  kind: apiKeyKind,
  /** What people call it. */
  name: z.string().max(200).optional(),
  /** For every tenant instead of the request's own: an admin key alone. */
  allTenants: z.boolean().optional(),
  /** Of a browser key, which needs at least one: where its pages come from, like `https://app.example`. */
  origins: z
    .array(z.string().max(300).meta({ pattern: WEB_ORIGIN.source }))
    .max(100)
    .optional(),
  /** Without it, as many as the service's settings say. */
  requestsPerSecond: z.number().int().min(1).max(1_000_000).optional(),
  who,
  why,
});
export const createKeyRequest = keyFacts.meta(BY_KIND);
export type CreateKeyRequest = z.infer<typeof createKeyRequest>;

export const revokeKeyRequest = z.strictObject({ who, why });
export type RevokeKeyRequest = z.infer<typeof revokeKeyRequest>;

const attribution = z.object({ at: z.string(), who: z.string(), why: z.string() });

export const keyView = z.object({
  id: z.string(),
  kind: z.string(),
  /** Null: all tenants. */
  tenant: z.string().nullable(),
  name: z.string(),
  status: z.enum(['active', 'revoked']),
  origins: z.array(z.string()),
  requestsPerSecond: z.number().nullable(),
  created: attribution,
  revoked: attribution.nullable(),
});
export type KeyView = z.infer<typeof keyView>;

/** The one answer that ever holds the key itself. */
export const createdKey = keyView.extend({ key: z.string() });
export type CreatedKey = z.infer<typeof createdKey>;

export const keyList = z.object({ keys: z.array(keyView) });
export type KeyList = z.infer<typeof keyList>;
