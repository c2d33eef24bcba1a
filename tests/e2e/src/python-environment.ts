import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The Python that has what a requirements file names: installed once, in a folder of `cache`. An environment knows its own path, so
 * that it is made in its place; one that was not finished is made again.
 *
 * @throws Error that says in a line what is missing; its cause is all that was printed
 */
export function pythonEnvironment(cache: string, requirements: string): string {
  const stamp = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const folder = join(cache, `python-${stamp}`);
  const python = join(folder, 'bin', 'python');
  const finished = join(folder, 'finished');
  if (existsSync(finished)) return python;
  rmSync(folder, { recursive: true, force: true });
  run('python3', ['-m', 'venv', folder], 'python3 with its venv module is needed (Debian: python3-venv)');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'];
  run(python, [...install, '-r', requirements], `pip could not install ${requirements}`);
  writeFileSync(finished, '');
  return python;
}

function run(command: string, args: readonly string[], complaint: string): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  const said = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
  const cause = error ?? [stdout, stderr].join('\n');
  throw new Error(said === '' ? complaint : `${complaint}: ${said}`, { cause });
}
