import { tmpdir } from 'node:os';
import { runCli } from '../run-cli.ts';
import type { Shell } from '../shell.ts';

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line as a shell would, with nothing of this process's own surroundings. */
export async function runHeed(
  argv: readonly string[],
  shell: Partial<Shell> & { readonly input?: Buffer } = {},
): Promise<CliRun> {
  const [out, err]: [string[], string[]] = [[], []];
  const { input = Buffer.alloc(0), ...given } = shell;
  const code = await runCli(argv, {
    stdin: pieces(input, 1000),
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    env: {},
    cwd: tmpdir(),
    userName: 'ada',
    programs: '/nowhere',
    ...given,
  });
  return { code, stdout: out.join(''), stderr: err.join('') };
}

/** Bytes in pieces of this size. */
export async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield Buffer.from(bytes.subarray(at, at + size));
  }
}

/** Everything that an asynchronous source yields, in one list. */
export async function collected<T>(source: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const some of source) all.push(...some);
  return all;
}
