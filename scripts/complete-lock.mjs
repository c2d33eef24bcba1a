// Run after changing dependencies behind a registry mirror that lacks the binaries of other platforms: npm leaves such
// optional packages out of package-lock.json, and `npm ci` then calls the lock file out of step. Writes them back.
import { readFileSync, writeFileSync } from 'node:fs';

const lockFile = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(lockFile, 'utf8'));

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

const added = [];
for (const [from, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(name, from)) continue;
    const version = /^\^?(\d+\.\d+\.\d+[-\w.]*)$/.exec(range)?.[1];
    if (version === undefined) throw new Error(`${name}@${range} of ${from} has no exact version to lock`);
    const { cpu, libc, os } = platformOf(name);
    const dev = entry.dev === true ? { dev: true } : {};
    lock.packages[`node_modules/${name}`] = { version, ...cpu, ...dev, ...libc, optional: true, ...os };
    added.push(`${name}@${version}`);
  }
}
const inNpmOrder = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(inNpmOrder);
if (added.length > 0) writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'The lock file is complete.' : `Added:\n${added.join('\n')}`);

function isLocked(name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (lock.packages[path] !== undefined) return true;
    if (folder === '') return false;
  }
}

/** Platform packages carry their platform in their name: `@nx/nx-linux-arm64-musl`. */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.includes('gnu')
      ? ['glibc']
      : [];
  if (name === 'fsevents') os.push('darwin');
  if (os.length === 0 && cpu.length === 0) throw new Error(`No platform is named in ${name}`);
  const listed = (key, values) => (values.length > 0 ? { [key]: values } : {});
  return { cpu: listed('cpu', cpu), libc: listed('libc', libc), os: listed('os', os) };
}
