import { Fault } from '@heed/kernel';
import type { BundleSigner } from '@heed/policies';
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'bundle-ed25519.pem';

/**
 * The key that signs bundles, from `<dir>/bundle-ed25519.pem` (PKCS #8, readable by its owner alone). Made on the first start;
 * afterwards it stays, because clients pin its public half.
 *
 * @throws Fault `bundle-key-unreadable`
 */
export async function openBundleKey(dir: string): Promise<BundleSigner> {
  const path = join(dir, FILE);
  const pem = (await readPem(path)) ?? (await makePem(dir, path));
  try {
    return signerOf(createPrivateKey(pem));
  } catch (cause) {
    throw unreadable(path, 'it holds no Ed25519 private key', cause);
  }
}

function signerOf(privateKey: KeyObject): BundleSigner {
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new TypeError(`the key is ${String(privateKey.asymmetricKeyType)}`);
  const publicKey = createPublicKey(privateKey);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    keyId: createHash('sha256').update(spki).digest('hex').slice(0, 16),
    publicKeySpkiBase64: spki.toString('base64'),
    sha256: (text) => Promise.resolve(createHash('sha256').update(text, 'utf8').digest('hex')),
    sign: (text) => Promise.resolve(sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64')),
    isSignedBy: (text, signature) =>
      Promise.resolve(verify(null, Buffer.from(text, 'utf8'), publicKey, Buffer.from(signature, 'base64'))),
  };
}

async function readPem(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw unreadable(path, 'it cannot be read', cause);
  }
}

/** Written whole beside its place and then linked into it: a crash leaves no half key, and of two starts one key wins. */
async function makePem(dir: string, path: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const draft = `${path}.${randomUUID()}`;
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const file = await open(draft, 'wx', 0o600);
    await file
      .writeFile(pem)
      .then(() => file.sync())
      .finally(() => file.close());
    await link(draft, path)
      .catch(ignoreExisting)
      .finally(() => unlink(draft));
  } catch (cause) {
    throw unreadable(path, 'it cannot be written', cause);
  }
  return (await readPem(path)) ?? pem;
}

function ignoreExisting(cause: unknown): void {
  if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
}

function unreadable(path: string, why: string, cause: unknown): Fault {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new Fault(
    'bundle-key-unreadable',
    `The key that signs bundles, ${path}: ${why} (${detail}).`,
    'Correct the permissions, or restore the file. Removing it makes a new key at the next start; clients that pinned the old one then refuse bundles until they pin the new one.',
    { cause },
  );
}
