import { signedText } from './bundle-content.ts';
import type { SignedBundle } from './bundle.ts';
import type { BundleVerifier } from './load-bundle.ts';

/** Holds the private key that signs bundles; verifies under the same key. */
export interface BundleSigner extends BundleVerifier {
  /** First 16 hex digits of the SHA-256 of the public key's SPKI bytes. */
  readonly keyId: string;
  readonly publicKeySpkiBase64: string;
  /** Ed25519 over the text as UTF-8, base64. */
  sign(text: string): Promise<string>;
}

/** Hashes and signs a content's text (`bundleText`) as a tenant's next publication. */
export async function signBundle(
  tenant: string,
  content: string,
  version: number,
  signer: BundleSigner,
): Promise<SignedBundle> {
  const sha256 = await signer.sha256(content);
  const signature = await signer.sign(signedText({ tenant, version, sha256 }));
  return { content, sha256, version, signature, keyId: signer.keyId };
}
