import { hash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { BundleVerifier } from '@heed/policies';
import { UsageFault } from '../usage-fault.ts';

/** Node's cryptography under one trusted Ed25519 key (SPKI, base64). Throws UsageFault when it is no such key. */
export function bundleVerifier(publicKey: string): BundleVerifier {
  const key = keyFrom(publicKey);
  return {
    sha256: (text) => Promise.resolve(hash('sha256', text)),
    isSignedBy: (text, signature) =>
      Promise.resolve(verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'base64'))),
  };
}

function keyFrom(base64: string): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below, like a key of another kind.
  }
  throw new UsageFault(
    'the public key is not an Ed25519 key in base64',
    'Take it from `publicKey` of GET /v1/bundle.',
  );
}
