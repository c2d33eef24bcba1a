import { Fault, type TenantId } from '@heed/kernel';
import { modelIdOf } from '@heed/policies';
import { cardIn, type ModelCard, type ModelFiles } from '@heed/rewards';
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Models in a folder: `<tenant>/<sha256>.onnx` and `<tenant>/<model>.json`. A name that is there was given to a whole file, and never to another one. */
export function modelFolder(folder: string): ModelFiles {
  const pathOf = (tenant: TenantId, name: string): string => join(folder, fileName(tenant), fileName(name));
  return {
    // The file first: a card that can be read has its file.
    async keep(tenant, { card, file }) {
      // Named by its hash, it is the same bytes; and whole again where those were damaged since.
      await write(pathOf(tenant, `${card.file.sha256}.onnx`), file, rename);
      await write(pathOf(tenant, `${card.model}.json`), cardText(card), unlessTaken);
    },
    async card(tenant, model) {
      const path = pathOf(tenant, `${model}.json`);
      const bytes = await bytesIn(path);
      return bytes === null ? null : cardIn(bytes.toString('utf8'), path);
    },
    file: (tenant, sha256) => bytesIn(pathOf(tenant, `${sha256}.onnx`)),
    renew: (tenant, card) => write(pathOf(tenant, `${card.model}.json`), cardText(card), rename),
    async drop(tenant, { model, file: { sha256 } }) {
      await rm(pathOf(tenant, `${model}.json`), { force: true });
      const names = await namesIn(join(folder, fileName(tenant)));
      const another = `${modelIdOf('', sha256)}.json`;
      if (names.some((name) => name.endsWith(another))) return;
      await rm(pathOf(tenant, `${sha256}.onnx`), { force: true });
    },
    remove: (tenant) => rm(join(folder, fileName(tenant)), { recursive: true, force: true }),
  };
}

type GiveName = (unfinished: string, path: string) => Promise<void>;

/** Whoever has the name keeps it. */
const unlessTaken: GiveName = (unfinished, path) =>
  link(unfinished, path).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error;
  });

/** Written beside, made durable, and then given its name. */
async function write(path: string, content: Uint8Array | string, giveName: GiveName): Promise<void> {
  const parent = dirname(path);
  await mkdir(parent, { recursive: true });
  const unfinished = `${path}.${randomUUID()}.new`;
  try {
    const file = await open(unfinished, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await giveName(unfinished, path);
    const directory = await open(parent, 'r');
    await directory.sync().finally(() => directory.close());
  } catch (cause) {
    throw new Fault(
      'model-not-kept',
      `The model cannot be written to ${parent}: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Make room on the disk, or let Heed write there, and train again. What is live stays live.',
      { cause },
    );
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function bytesIn(path: string): Promise<Buffer<ArrayBuffer> | null> {
  return readFile(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
}

function cardText(card: ModelCard): string {
  return `${JSON.stringify(card)}\n`;
}

/** No name leads out of the folder, whatever a tenant is called. */
function fileName(name: string): string {
  return encodeURIComponent(name).replace(/^\.+/, (dots) => '%2E'.repeat(dots.length));
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
