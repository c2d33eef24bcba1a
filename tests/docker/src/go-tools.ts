import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { Fault } from '@heed/kernel';
import { z } from 'zod';
import { output, run } from './run.ts';

/** Outside the repository: what is built once serves every checkout. */
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'heed', 'go-tools');

const sources = join(import.meta.dirname, '../go');

/** Each at one version, and checked against Go's public checksums as it comes. */
const versions = {
  'github.com/compose-spec/compose-go/v2': 'v2.16.2',
  'github.com/moby/buildkit': 'v0.34.2',
  'github.com/prometheus-operator/prometheus-operator': 'v0.85.0',
  'github.com/prometheus/prometheus': 'v0.316.0',
  'github.com/yannh/kubeconform': 'v0.8.0',
  'helm.sh/helm/v4': 'v4.3.1',
  'k8s.io/kubernetes': 'v1.37.2',
} as const;

type Module = keyof typeof versions;

/** What the tests run, by the folder of the program in its module; `source` is a program of ours over that module. */
const tools = {
  compose: { module: 'github.com/compose-spec/compose-go/v2', source: join(sources, 'compose/main.go') },
  dockerfile: { module: 'github.com/moby/buildkit', source: join(sources, 'dockerfile/main.go') },
  helm: { module: 'helm.sh/helm/v4', folder: 'cmd/helm' },
  kubeconform: { module: 'github.com/yannh/kubeconform', folder: 'cmd/kubeconform' },
  // Without the ways to find what to watch, which are most of what there is to build.
  promtool: { module: 'github.com/prometheus/prometheus', folder: 'cmd/promtool', tags: 'remove_all_sd' },
} as const satisfies Record<string, Program>;

type Program = { readonly module: Module; readonly tags?: string } & (
  { readonly folder: string } | { readonly source: string }
);

const downloaded = z.object({ Dir: z.string() });

/** The path of a program, built when it is not there yet: minutes, the first time. Throws Fault `go-missing`. */
export async function goTool(name: keyof typeof tools): Promise<string> {
  const tool: Program = tools[name];
  const version = versions[tool.module];
  const stamp = 'source' in tool ? `-${await digestOf(tool.source)}` : '';
  const program = join(cache, `${name}-${version}${stamp}`);
  if (existsSync(program)) return program;
  const work = await newFolder();
  try {
    await go(['mod', 'init', 'heed.example/tool'], work);
    await go(['get', `${tool.module}@${version}`], work);
    if ('source' in tool) {
      await copyFile(tool.source, join(work, basename(tool.source)));
      await go(['mod', 'tidy'], work);
    }
    const target = 'source' in tool ? '.' : `${tool.module}/${tool.folder}`;
    const how = ['-mod=mod', '-ldflags=-s -w', `-tags=${tool.tags ?? ''}`];
    await go(['build', ...how, '-o', 'program', target], work);
    await rename(join(work, 'program'), program);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return program;
}

/** The folder of a module's own files, for what lies in it beside its code. */
export async function goModule(module: Module): Promise<string> {
  const work = await newFolder();
  try {
    await go(['mod', 'init', 'heed.example/files'], work);
    const found = await go(['mod', 'download', '-json', `${module}@${versions[module]}`], work);
    return downloaded.parse(JSON.parse(found)).Dir;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function newFolder(): Promise<string> {
  await mkdir(cache, { recursive: true });
  return mkdtemp(join(cache, 'building-'));
}

async function digestOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
    .slice(0, 12);
}

let program: Promise<string> | undefined;

async function go(args: readonly string[], cwd: string): Promise<string> {
  program ??= findGo();
  return output(await program, args, { cwd, env: { CGO_ENABLED: '0', GOFLAGS: '' } });
}

async function findGo(): Promise<string> {
  for (const candidate of ['go', '/usr/local/go/bin/go']) {
    const found = await run(candidate, ['version']).catch(() => undefined);
    if (found?.code === 0) return candidate;
  }
  throw new Fault(
    'go-missing',
    'There is no `go`, which builds the tools that look at the files of docker/.',
    'Install Go 1.21 or newer (https://go.dev/dl); it fetches a newer one by itself where a tool needs that.',
  );
}
