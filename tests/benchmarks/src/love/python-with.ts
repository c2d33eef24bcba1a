import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from '../repository-folder.ts';

/**
 * The Python that has what a requirements file names: HEED_BENCH_PYTHON, or an environment that is made once beside this checkout's packages. Throws Error that says what
 * is missing.
 */
export function pythonWith(requirements: string): string {
  const named = process.env['HEED_BENCH_PYTHON'];
  if (named !== undefined) return named;
  const stamp = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const folder = join(repositoryFolder('node_modules'), '.cache', `python-${stamp}`);
  const python = join(folder, 'bin', 'python');
  const finished = join(folder, 'finished');
  if (existsSync(finished)) return python;
  rmSync(folder, { recursive: true, force: true });
  run('python3', ['-m', 'venv', folder], 'it needs python3 with its venv module (Debian: python3-venv)');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'];
  run(python, [...install, '-r', requirements], 'pip could not install scikit-learn');
  writeFileSync(finished, '');
  return python;
}

function run(command: string, args: readonly string[], complaint: string): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  const said = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
  throw new Error(`${complaint}${said === '' ? '' : `: ${said}`}`);
}
