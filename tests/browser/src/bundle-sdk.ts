import { join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '../../..');

/** What the tests load into a browser, by the name it is served under. */
export const pageInputs = {
  page: 'tests/browser/src/main.ts',
  'storage-cases': 'libs/sdk/src/outbox-storage.contract.ts',
  'indexed-db-outbox': 'libs/sdk/src/indexed-db-outbox.ts',
};

export interface Chunk {
  readonly fileName: string;
  readonly code: string;
  /** What it imports that is not in the bundle. */
  readonly imports: readonly string[];
}

/** Bundles for browsers, minified, everything in it. */
export async function bundleForBrowsers(input: Readonly<Record<string, string>>): Promise<readonly Chunk[]> {
  const bundled = await rolldown({
    cwd: root,
    input: { ...input },
    platform: 'browser',
    tsconfig: join(root, 'tsconfig.base.json'),
  });
  const { output } = await bundled.generate({
    format: 'esm',
    minify: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
  });
  await bundled.close();
  const chunks = output.filter((file) => file.type === 'chunk');
  const ours = new Set(chunks.map(({ fileName }) => fileName));
  return chunks.map(({ fileName, code, imports, dynamicImports }) => ({
    fileName,
    code,
    imports: [...imports, ...dynamicImports].filter((name) => !ours.has(name)),
  }));
}

/** Bundles one file of which only some exports are used, as an application's bundler would. */
export async function bundleOf(names: readonly string[], from = 'libs/sdk/src/index.ts'): Promise<Chunk> {
  const entry = '\0application';
  const bundled = await rolldown({
    cwd: root,
    input: entry,
    platform: 'browser',
    tsconfig: join(root, 'tsconfig.base.json'),
    plugins: [
      {
        name: 'application',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? `export { ${names.join(', ')} } from '${join(root, from)}';` : null),
      },
    ],
  });
  const { output } = await bundled.generate({ format: 'esm', minify: true });
  await bundled.close();
  const [{ fileName, code, imports, dynamicImports }] = output;
  return { fileName, code, imports: [...imports, ...dynamicImports] };
}
