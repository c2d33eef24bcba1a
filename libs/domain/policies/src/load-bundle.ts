import { err, ok, type Result } from '@heed/kernel';
import { z } from 'zod';
import { inServingOrder, signedText } from './bundle-content.ts';
import type { BundleContent, SignedBundle } from './bundle.ts';
import { bundleEvaluator, type BundleEvaluator } from './decide-by-bundle.ts';

/** The cryptography, which differs between Node and browsers: SHA-256, and Ed25519 under the key that is trusted. */
export interface BundleVerifier {
  /** Lower-case hex SHA-256 of the text as UTF-8. */
  sha256(text: string): Promise<string>;
  /** Whether `signature` (base64) is the trusted key's over the text as UTF-8; false for anything malformed. */
  isSignedBy(text: string, signature: string): Promise<boolean>;
}

/** Why a bundle must not be served; whoever holds an older good one keeps it. */
export interface BundleRefusal {
  readonly code:
    | 'bundle-hash-mismatch'
    | 'bundle-signature-invalid'
    | 'bundle-malformed'
    | 'bundle-format-unknown'
    | 'bundle-of-another-tenant'
    | 'bundle-older';
  readonly message: string;
}

const format = z.object({ format: z.string() });
const content: z.ZodType<BundleContent> = z.object({
  format: z.literal('heed.bundle.v1'),
  tenant: z.string(),
  rewrites: z.array(
    z.object({ state: z.string(), text: z.string(), fix: z.string(), share: z.number().gt(0).max(1) }),
  ),
  policies: z.record(z.string(), z.never()),
});

/**
 * Verifies a bundle (hash, signature, form, tenant) and makes it ready to decide. Refuses rather than serving anything that
 * the trusted key did not sign for this tenant, or signed for it before `minVersion`: an old bundle is genuine for ever, and
 * may hold a fix that was taken back.
 */
export async function loadBundle(
  signed: SignedBundle,
  tenant: string,
  verifier: BundleVerifier,
  minVersion = 0,
): Promise<Result<BundleEvaluator, BundleRefusal>> {
  const { sha256, version } = signed;
  const actual = await verifier.sha256(signed.content);
  if (actual !== sha256) {
    return refuse(
      'bundle-hash-mismatch',
      `The bundle says it is ${sha256} but its content is ${actual}. Fetch it again.`,
    );
  }
  if (!(await verifier.isSignedBy(signedText({ tenant, version, sha256 }), signed.signature))) {
    return refuse(
      'bundle-signature-invalid',
      `Version ${version} for tenant ${tenant} is not signed by the trusted key (the bundle names key ${signed.keyId}). Check the public key, the tenant and who answers at that address.`,
    );
  }
  if (version < minVersion) {
    return refuse(
      'bundle-older',
      `Version ${version} came where version ${minVersion} was seen before: somebody replays an old bundle, or Heed was restored from a backup. If it was, lower minVersion to ${version} and restart the application.`,
    );
  }
  const parsed = parseContent(signed.content);
  if (!parsed.ok) return parsed;
  if (parsed.value.tenant !== tenant) {
    return refuse(
      'bundle-of-another-tenant',
      `The bundle is for tenant ${parsed.value.tenant}, not ${tenant}.`,
    );
  }
  return ok(bundleEvaluator(parsed.value, { sha256, version }));
}

function parseContent(text: string): Result<BundleContent, BundleRefusal> {
  const json = parseJson(text);
  const named = format.safeParse(json);
  if (named.success && named.data.format !== 'heed.bundle.v1') {
    return refuse(
      'bundle-format-unknown',
      `The bundle's format is ${named.data.format}; this version reads heed.bundle.v1. Install a newer one.`,
    );
  }
  const parsed = content.safeParse(json);
  if (!parsed.success)
    return refuse('bundle-malformed', `The bundle's content is malformed: ${z.prettifyError(parsed.error)}`);
  const { rewrites } = parsed.data;
  const misplaced = rewrites.findIndex((rewrite, i) => {
    const before = rewrites[i - 1];
    return before !== undefined && inServingOrder(before, rewrite) > 0;
  });
  if (misplaced >= 0)
    return refuse('bundle-malformed', `Rewrite ${misplaced} of the bundle is out of order.`);
  return ok(parsed.data);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuse(code: BundleRefusal['code'], message: string): Result<never, BundleRefusal> {
  return err({ code, message });
}
