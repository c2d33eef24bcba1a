import { err, ok, type Result } from '@heed/kernel';
import { inServingOrder, signedText } from './bundle-content.ts';
import type { BundleContent, BundleRewrite, SignedBundle } from './bundle.ts';
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

/** By hand: this runs in browsers, where a library for schemas would be ten times as large as everything else. */
function parseContent(text: string): Result<BundleContent, BundleRefusal> {
  const { format, tenant, rewrites, policies } = fieldsOf(parseJson(text));
  if (typeof format === 'string' && format !== 'heed.bundle.v1') {
    return refuse(
      'bundle-format-unknown',
      `The bundle's format is ${format}; this version reads heed.bundle.v1. Install a newer one.`,
    );
  }
  if (format !== 'heed.bundle.v1' || typeof tenant !== 'string' || !Array.isArray(rewrites)) {
    return refuse('bundle-malformed', 'The content of the bundle names no format, tenant or rewrites.');
  }
  if (typeof policies !== 'object' || policies === null || Object.keys(policies).length > 0) {
    return refuse('bundle-malformed', 'The bundle has policies that this version cannot read.');
  }
  const good: BundleRewrite[] = [];
  for (const [i, value] of rewrites.entries()) {
    const rewrite = rewriteIn(value);
    if (rewrite === null)
      return refuse('bundle-malformed', `Rewrite ${i} of the bundle needs state, text, fix and share.`);
    const before = good.at(-1);
    if (before !== undefined && inServingOrder(before, rewrite) > 0)
      return refuse('bundle-malformed', `Rewrite ${i} of the bundle is out of order.`);
    good.push(rewrite);
  }
  return ok({ format, tenant, rewrites: good, policies: {} });
}

function rewriteIn(value: unknown): BundleRewrite | null {
  const { state, text, fix, share } = fieldsOf(value);
  if (typeof state !== 'string' || typeof text !== 'string' || typeof fix !== 'string') return null;
  return typeof share === 'number' && share > 0 && share <= 1 ? { state, text, fix, share } : null;
}

/** The fields of an object; of anything else, none. */
function fieldsOf(value: unknown): Partial<Record<string, unknown>> {
  return typeof value === 'object' ? { ...value } : {};
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
