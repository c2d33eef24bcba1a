import type { BundleResponse } from '@heed/contract';
import { err, type Result } from '@heed/kernel';
import { loadBundle, type BundleEvaluator, type BundleRefusal } from '@heed/policies';
import { webCryptoVerifier } from './web-crypto-verifier.ts';

export type VerifiedBundle = Result<
  BundleEvaluator,
  BundleRefusal | { readonly code: 'public-key-unusable'; readonly message: string }
>;

/** Verifies a bundle as it came over the wire or out of a file, for a tenant, under a key (SPKI, base64), of a version or later. */
export async function verifyBundle(
  bundle: BundleResponse,
  tenant: string,
  publicKey: string,
  minVersion = 0,
): Promise<VerifiedBundle> {
  try {
    return await loadBundle(bundle, tenant, await webCryptoVerifier(publicKey), minVersion);
  } catch (cause) {
    if (cause instanceof TypeError) return err({ code: 'public-key-unusable', message: cause.message });
    throw cause;
  }
}
