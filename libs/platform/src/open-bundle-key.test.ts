import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openBundleKey } from './open-bundle-key.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'heed-key-'));
});
afterEach(() => rm(dir, { recursive: true }));

it('makes a key on the first start, for its owner alone, and keeps it', async () => {
  const first = await openBundleKey(join(dir, 'keys'));
  const again = await openBundleKey(join(dir, 'keys'));
  expect(again.publicKeySpkiBase64).toBe(first.publicKeySpkiBase64);
  expect(await readdir(join(dir, 'keys'))).toEqual(['bundle-ed25519.pem']);
  expect((await stat(join(dir, 'keys', 'bundle-ed25519.pem'))).mode & 0o777).toBe(0o600);
});

it('gives two starts at once the same key', async () => {
  const [one, other] = await Promise.all([openBundleKey(dir), openBundleKey(dir)]);
  expect(one.keyId).toBe(other.keyId);
});

it('signs what it then verifies, and nothing else', async () => {
  const key = await openBundleKey(dir);
  const signature = await key.sign('text');
  expect(await key.isSignedBy('text', signature)).toBe(true);
  expect(await key.isSignedBy('other text', signature)).toBe(false);
  expect(await key.isSignedBy('text', 'no signature')).toBe(false);
});

it('says what to do about a file that holds no key, and leaves it alone', async () => {
  await writeFile(join(dir, 'bundle-ed25519.pem'), 'oops');
  await expect(openBundleKey(dir)).rejects.toMatchObject({ code: 'bundle-key-unreadable' });
  expect(await readFile(join(dir, 'bundle-ed25519.pem'), 'utf8')).toBe('oops');
});
