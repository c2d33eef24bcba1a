import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { superuser } from './cluster.ts';
import type { Launch } from './launch.ts';
import type { PostgresProgram } from './postgres-program.ts';
import type { ServerFiles } from './server-files.ts';

const run = promisify(execFile);

/** The server's password. Where its file was lost, whoever owns the folder may set a new one: the server is not running yet. */
export async function serverPassword(
  files: ServerFiles,
  program: PostgresProgram,
  launch: Launch,
): Promise<string> {
  try {
    return await readFile(files.password, 'utf8');
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
    return setNewPassword(files, program, launch);
  }
}

async function setNewPassword(files: ServerFiles, program: PostgresProgram, launch: Launch): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  const words = [...launch.prefix, program.postgres, '--single', '-D', files.cluster, 'postgres'];
  const [command = program.postgres, ...rest] = words;
  const single = run(command, rest, { ...launch.user, cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' } });
  single.child.stdin?.end(`ALTER ROLE ${superuser} PASSWORD '${password}'\n`);
  await single;
  await writeFile(files.password, password, { mode: 0o600, flush: true });
  return password;
}
