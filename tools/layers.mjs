// Who may import whom: the one table, read by eslint.config.mjs. A project's layer is the `layer:` tag in the `nx`
// block of its package.json.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const nest = ['@nestjs/*', '@fastify/static', 'fastify', 'reflect-metadata', 'rxjs'];
const anything = ['*'];

/**
 * `layers` and `projects` are what a project may import of ours (its own layer only where it is named), `packages` what
 * it may import of others, `node` whether it may use Node's own modules. `pure` forbids clocks, chance, timers and the
 * outside world; `browserSafe` forbids Node's globals.
 *
 * @type {Record<string, { layers?: string[], projects?: string[], packages?: string[], node?: boolean, pure?: boolean, browserSafe?: boolean }>}
 */
export const layers = {
  kernel: { pure: true },
  domain: { layers: ['domain', 'kernel'], packages: ['zod'], pure: true },
  contract: { layers: ['domain', 'kernel'], packages: ['zod'], pure: true },
  sdk: { layers: ['contract', 'kernel'], projects: ['@heed/policies', '@heed/rewards'], browserSafe: true },
  testing: { layers: ['domain', 'kernel'], packages: ['vitest', 'fast-check'] },
  // What stands in for a server in tests: apart from `testing`, which pure projects use.
  'testing-engine': { layers: ['kernel'], packages: ['chdb', '@clickhouse/client'], node: true },
  adapter: { layers: ['adapter', 'domain', 'kernel'], packages: anything, node: true },
  platform: {
    layers: ['contract', 'domain', 'kernel'],
    packages: [...nest, 'prom-client', 'zod'],
    node: true,
  },
  process: { layers: ['platform', 'contract', 'domain', 'kernel'], packages: [...nest, 'zod'] },
  // What apps are put together from: processes over adapters, behind settings and doors.
  assembly: {
    layers: ['process', 'platform', 'adapter', 'contract', 'domain', 'sdk', 'kernel'],
    packages: anything,
    node: true,
  },
  app: {
    layers: ['assembly', 'process', 'platform', 'adapter', 'contract', 'domain', 'sdk', 'testing', 'kernel'],
    packages: anything,
    node: true,
  },
  test: {
    layers: [
      'app',
      'assembly',
      'process',
      'platform',
      'adapter',
      'contract',
      'domain',
      'sdk',
      'testing',
      'testing-engine',
      'kernel',
      'test',
    ],
    packages: anything,
    node: true,
  },
};

/** What a test beside the source may import on top of what its project may. */
export const testFiles = ['**/*.test.ts', '**/*.spec.ts', '**/*.contract.ts'];
const forTests = {
  projects: ['@heed/testing', '@heed/testing-clickhouse'],
  packages: ['vitest', 'fast-check'],
  node: true,
};

/** Every project of the workspace: its package name, its folder and its layer. */
export function projects() {
  const { workspaces } = packageAt('.');
  return workspaces
    .flatMap((pattern) => foldersOf(pattern))
    .map((folder) => {
      const { name, nx } = packageAt(folder);
      const layer = nx?.tags?.find((tag) => tag.startsWith('layer:'))?.slice('layer:'.length);
      if (layers[layer] === undefined)
        throw new Error(
          `${folder}/package.json needs one of the layer tags: ${Object.keys(layers).join(', ')}`,
        );
      return { name, folder, layer };
    });
}

/**
 * What is forbidden to a project, as patterns over the imported name, each with the sentence that says why.
 *
 * @param {{ name: string, folder: string, layer: string }} project
 * @param {{ inTests: boolean }} where
 */
export function forbiddenImports(project, { inTests }) {
  const rule = layers[project.layer];
  const extra = inTests ? forTests : {};
  const ours = projects()
    .filter(({ name, layer }) => name !== project.name && rule.layers?.includes(layer))
    .map(({ name }) => name)
    .concat(rule.projects ?? [], extra.projects ?? []);
  const theirs = [...(rule.packages ?? []), ...(extra.packages ?? [])];
  const forbidden = [
    {
      regex: '^@heed/(?!sdk/score$)[^/]+/',
      message: `[deep-import] A project is imported by its name alone: what it shows stands in its src/index.ts. The SDK's scoring has an entry of its own.`,
    },
    {
      regex: `^@heed/(?!(?:${ours.map((name) => name.slice('@heed/'.length)).join('|')})(?:/|$))`,
      message: `[layer] A ${project.layer} project may import ${inWords(ours)}.`,
    },
  ];
  if (!theirs.includes('*')) {
    const names = theirs.map((name) => name.replace('/*', '/[^/]+')).join('|');
    forbidden.push({
      regex: `^(?!@heed/|node:|\\.|/)(?!(?:${names})(?:/|$))`,
      message: `[third-party] A ${project.layer} project may use ${inWords(theirs)}.`,
    });
  }
  if (rule.node !== true && extra.node !== true) {
    forbidden.push({
      regex: '^node:',
      message: `[node] A ${project.layer} project must run without Node's modules.`,
    });
  }
  return forbidden;
}

function inWords(names) {
  return names.length === 0 ? 'none' : names.join(', ');
}

function foldersOf(pattern) {
  const parent = pattern.replace(/\/\*$/, '');
  const folders =
    parent === pattern ? [pattern] : readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
  return folders.filter((folder) => existsSync(join(root, folder, 'package.json'))).sort();
}

function packageAt(folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}
