import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bundleText } from './bundle-content.ts';
import { signBundle, type BundleSigner } from './bundle-signer.ts';
import type { BundleContent, SignedBundle } from './bundle.ts';
import { loadBundle, type BundleRefusal } from './load-bundle.ts';

function newSigner(): BundleSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    keyId: createHash('sha256').update(spki).digest('hex').slice(0, 16),
    publicKeySpkiBase64: spki.toString('base64'),
    sha256: (text) => Promise.resolve(createHash('sha256').update(text).digest('hex')),
    sign: (text) => Promise.resolve(sign(null, Buffer.from(text), privateKey).toString('base64')),
    isSignedBy: (text, signature) =>
      Promise.resolve(verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64'))),
  };
}

const signer = newSigner();
const content: BundleContent = {
  format: 'heed.bundle.v1',
  tenant: 'default',
  rewrites: [{ state: 'a', text: 'b', fix: 'fix-1', share: 1 }],
  policies: {},
};
const good = await signBundle('default', bundleText(content), 3, signer);

it('loads what the trusted key signed', async () => {
  const loaded = await loadBundle(good, 'default', signer);
  expect(loaded.ok && loaded.value.decide({ text: 'A' })).toMatchObject({
    rewrite: 'b',
    bundle: good.sha256,
  });
  expect(loaded.ok && loaded.value).toMatchObject({ version: 3, rewrites: 1, tenant: 'default' });
});

it.each([
  [2, true],
  [3, true],
  [4, false],
])('with version %d as the least, loads version 3: %j', async (minVersion, isLoaded) => {
  const loaded = await loadBundle(good, 'default', signer, minVersion);
  expect(loaded.ok).toBe(isLoaded);
  if (!loaded.ok) expect(loaded.error.code).toBe('bundle-older');
});

describe('refuses', () => {
  const signed = (text: string): Promise<SignedBundle> => signBundle('default', text, 3, signer);
  const withRewrites = (rewrites: BundleContent['rewrites']): string => bundleText({ ...content, rewrites });
  const rewrite = { state: 'a', text: 'b', fix: 'fix-1', share: 1 };

  it.each<[string, BundleRefusal['code'], () => SignedBundle | Promise<SignedBundle>]>([
    [
      'content that is not what was hashed',
      'bundle-hash-mismatch',
      () => ({ ...good, content: good.content.replace('"b"', '"c"') }),
    ],
    [
      'a signature by another key',
      'bundle-signature-invalid',
      () => signBundle('default', good.content, 3, newSigner()),
    ],
    ['a signature that is none', 'bundle-signature-invalid', () => ({ ...good, signature: '!' })],
    [
      'an old content passed off as a new version',
      'bundle-signature-invalid',
      () => ({ ...good, version: 4 }),
    ],
    ['a format of a later version', 'bundle-format-unknown', () => signed('{"format":"heed.bundle.v2"}')],
    ['a content that is not JSON', 'bundle-malformed', () => signed('oops')],
    ['a share above one', 'bundle-malformed', () => signed(withRewrites([{ ...rewrite, share: 2 }]))],
    [
      'rewrites out of order',
      'bundle-malformed',
      () => signed(withRewrites([{ ...rewrite, state: 'b' }, rewrite])),
    ],
    [
      'a content that names another tenant',
      'bundle-of-another-tenant',
      () => signed(bundleText({ ...content, tenant: 'other' })),
    ],
  ])('%s', async (_, code, bundle) => {
    const loaded = await loadBundle(await bundle(), 'default', signer);
    expect(loaded).toMatchObject({ ok: false, error: { code } });
  });

  it("another tenant's bundle", async () => {
    const loaded = await loadBundle(good, 'other', signer);
    expect(loaded).toMatchObject({ ok: false, error: { code: 'bundle-signature-invalid' } });
  });
});
