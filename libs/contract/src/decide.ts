import { z } from 'zod';

export const decideRequest = z.strictObject({
  text: z.string(),
  interpretation: z
    .object({ intent: z.string(), slots: z.record(z.string(), z.string()).optional() })
    .optional(),
  session: z.string().optional(),
  user: z.string().optional(),
});
export type DecideRequest = z.infer<typeof decideRequest>;

export const decideResponse = z.object({
  request: z.string(),
  rewrite: z.string().nullable(),
  fix: z.string().nullable(),
  policies: z.record(z.string(), z.string()),
  bundle: z.string(),
});
export type DecideResponse = z.infer<typeof decideResponse>;

/** The signed bundle on the wire; `publicKey` is the SPKI in base64, for a first look. Pin it in production. */
export const bundleResponse = z.object({
  version: z.number().int(),
  tenant: z.string(),
  content: z.string(),
  sha256: z.string(),
  signature: z.string(),
  keyId: z.string(),
  publicKey: z.string(),
});
export type BundleResponse = z.infer<typeof bundleResponse>;
