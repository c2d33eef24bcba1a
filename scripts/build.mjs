// Bundles the entries into dist/, one file each and shared chunks; every third-party package stays in node_modules.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { isBuildFresh, sourceStamp, writeStamp } from './build-stamp.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');

const keptMs = 3_600_000;
const entries = {
  heed: 'apps/cli/src/main.ts',
  standalone: 'apps/standalone/src/main.ts',
  collector: 'apps/collector/src/main.ts',
  projector: 'apps/projector/src/main.ts',
  learner: 'apps/learner/src/main.ts',
  control: 'apps/control/src/main.ts',
  bench: 'tests/benchmarks/src/main.ts',
  'training-worker': 'libs/adapters/onnx/src/training/training-worker.ts',
};

/** Builds every entry that exists. Files are replaced one by one, so a process started meanwhile finds whole files. */
export async function build() {
  const startedAt = performance.now();
  const stamp = sourceStamp();
  const input = Object.fromEntries(
    Object.entries(entries).filter(([, path]) => existsSync(join(root, path))),
  );
  if (Object.keys(input).length === 0) return;
  const files = await bundle(input).catch((error) => {
    console.error(process.stderr.isTTY ? error.message : stripVTControlCharacters(error.message));
    process.exit(1);
  });
  for (const [name, content] of files) replaceFile(join(dist, name), content);
  removeOldFiles(new Set(files.map(([name]) => name)));
  writeStamp(stamp);
  console.error(`heed: built dist/ in ${Math.round(performance.now() - startedAt)} ms`);
}

async function bundle(input) {
  const { rolldown } = await import('rolldown');
  const bundled = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    external: isThirdParty,
    tsconfig: join(root, 'tsconfig.base.json'),
  });
  const { output } = await bundled.generate({
    dir: dist,
    format: 'esm',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  });
  await bundled.close();
  return output.map((file) => [file.fileName, file.type === 'asset' ? file.source : withMapLink(file)]);
}

/** Our own projects are bundled, and so is what the compiler itself adds for decorators. */
function isThirdParty(id) {
  const bundled = /^(\.|\/|@heed\/|@oxc-project\/|\0)/.test(id) || Object.values(entries).includes(id);
  return !bundled;
}

function withMapLink({ code, fileName }) {
  return code.includes('//# sourceMappingURL=')
    ? code
    : `${code}\n//# sourceMappingURL=${basename(fileName)}.map\n`;
}

function replaceFile(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.new`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
}

/** A process that still runs an older build may load its chunks late, so they stay for an hour. */
function removeOldFiles(kept, folder = '') {
  for (const entry of readdirSync(join(dist, folder), { withFileTypes: true })) {
    const name = `${folder}${entry.name}`;
    if (entry.isDirectory()) removeOldFiles(kept, `${name}/`);
    else if (!kept.has(name) && Date.now() - statSync(join(dist, name)).mtimeMs > keptMs) {
      rmSync(join(dist, name), { force: true });
    }
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!process.argv.includes('--if-stale') || !isBuildFresh()) await build();
}
