import type { BundleVerifier } from '@heed/policies';

/**
 * Verifies by the Web Crypto of browsers and Node, under an Ed25519 public key (SPKI, base64).
 *
 * @throws TypeError when the text is no such key or the runtime has no Ed25519 (browsers: only on https and localhost).
 */
export async function webCryptoVerifier(publicKeySpkiBase64: string): Promise<BundleVerifier> {
  const key = await importKey(publicKeySpkiBase64);
  return {
    sha256: async (text) => hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))),
    isSignedBy: async (text, signature) => {
      const bytes = fromBase64(signature);
      return (
        bytes !== null && (await crypto.subtle.verify('Ed25519', key, bytes, new TextEncoder().encode(text)))
      );
    },
  };
}

async function importKey(spkiBase64: string): ReturnType<typeof crypto.subtle.importKey> {
  const spki = fromBase64(spkiBase64);
  if (spki === null)
    throw new TypeError('The public key is not base64; take `publicKey` from GET /v1/bundle.');
  try {
    return await crypto.subtle.importKey('spki', spki, 'Ed25519', false, ['verify']);
  } catch (cause) {
    const hint =
      'it is no Ed25519 SPKI, or this runtime has no Ed25519 (browsers: serve the page over https)';
    throw new TypeError(`The public key cannot be used: ${hint}.`, { cause });
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
