// Fails when a package is installed twice: every package has one version, and one copy.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const installedLock = new URL('../node_modules/.package-lock.json', import.meta.url);

/** Lists `name: version at path, version at path` for every package installed more than once on this machine. */
export function duplicates({ packages }, { platform, arch } = process) {
  const copies = new Map();
  for (const [path, entry] of Object.entries(packages)) {
    const name = path.split('node_modules/').at(-1);
    if (!path.includes('node_modules/') || entry.link === true || !fits(entry, platform, arch)) continue;
    copies.set(name, [...(copies.get(name) ?? []), `${entry.version} at ${path}`]);
  }
  return [...copies]
    .filter(([, found]) => found.length > 1)
    .map(([name, found]) => `${name}: ${found.join(', ')}`);
}

function fits({ os, cpu }, platform, arch) {
  const allows = (list, value) => list === undefined || [list].flat().includes(value);
  return allows(os, platform) && allows(cpu, arch);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = duplicates(JSON.parse(readFileSync(installedLock, 'utf8')));
  for (const line of found) console.error(line);
  console.log(`${found.length} packages are installed more than once`);
  process.exit(found.length === 0 ? 0 : 1);
}
