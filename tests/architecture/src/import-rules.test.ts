import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The real configuration without the rules that need types: planted files stand in no tsconfig. */
const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] });

async function complaintsAbout(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: `${root}${filePath}` });
  return (result?.messages ?? [])
    .filter(({ ruleId }) => ruleId !== '@typescript-eslint/no-unused-vars')
    .map(({ ruleId, message }) => `${ruleId ?? 'parser'}: ${message}`);
}

const sessions = 'libs/domain/sessions/src/planted.ts';
const sessionsTest = 'libs/domain/sessions/src/planted.test.ts';
const collector = 'libs/processes/collector/src/planted.ts';
const assembly = 'libs/assembly/src/planted.ts';
const cli = 'apps/cli/src/planted.ts';

interface Planted {
  readonly what: string;
  readonly at: string;
  readonly code: string;
}

const refused: readonly (Planted & { readonly rule: string })[] = [
  { what: "Node's modules in the domain", at: sessions, code: "import 'node:fs';", rule: '[node]' },
  {
    what: 'Node under its bare name in the domain',
    at: sessions,
    code: "import 'fs';",
    rule: '[third-party]',
  },
  { what: 'Nest in the domain', at: sessions, code: "import '@nestjs/common';", rule: '[third-party]' },
  { what: 'a database in the domain', at: sessions, code: "import 'pg';", rule: '[third-party]' },
  { what: 'an adapter in the domain', at: sessions, code: "import '@heed/postgres';", rule: '[layer]' },
  { what: 'test tools in the domain', at: sessions, code: "import 'vitest';", rule: '[third-party]' },
  { what: 'the clock in the domain', at: sessions, code: 'export const a = Date.now();', rule: '[purity]' },
  { what: 'the time as a new Date', at: sessions, code: 'export const a = new Date();', rule: '[purity]' },
  { what: 'chance in the domain', at: sessions, code: 'export const a = Math.random();', rule: '[purity]' },
  { what: 'timers in the domain', at: sessions, code: 'setTimeout(() => undefined, 1);', rule: '[purity]' },
  { what: 'the environment', at: sessions, code: 'export const a = process.env;', rule: '[purity]' },
  { what: 'a global by the back door', at: sessions, code: 'globalThis.crypto;', rule: '[purity]' },
  { what: 'loading code late in the domain', at: sessions, code: "await import('zod');", rule: '[purity]' },
  {
    what: 'the domain in the kernel',
    at: 'libs/kernel/src/planted.ts',
    code: "import '@heed/events';",
    rule: '[layer]',
  },
  {
    what: 'a process in the contract',
    at: 'libs/contract/src/planted.ts',
    code: "import '@heed/control';",
    rule: '[layer]',
  },
  { what: 'Node in the SDK', at: 'libs/sdk/src/planted.ts', code: "import 'node:crypto';", rule: '[node]' },
  {
    what: "Node's globals in the SDK",
    at: 'libs/sdk/src/planted.ts',
    code: 'process.cwd();',
    rule: '[browser]',
  },
  {
    what: 'mining in the SDK',
    at: 'libs/sdk/src/planted.ts',
    code: "import '@heed/mining';",
    rule: '[layer]',
  },
  { what: 'an adapter in a process', at: collector, code: "import '@heed/postgres';", rule: '[layer]' },
  {
    what: 'an adapter loaded late in a process',
    at: collector,
    code: "await import('@heed/postgres');",
    rule: '[layer]',
  },
  { what: 'another process in a process', at: collector, code: "import '@heed/control';", rule: '[layer]' },
  { what: 'a database driver in a process', at: collector, code: "import 'pg';", rule: '[third-party]' },
  {
    what: 'an adapter in a test of a process',
    at: collector.replace('.ts', '.test.ts'),
    code: "import '@heed/postgres';",
    rule: '[layer]',
  },
  {
    what: 'a process in the platform',
    at: 'libs/platform/src/planted.ts',
    code: "import '@heed/control';",
    rule: '[layer]',
  },
  {
    what: 'the assembly in a process',
    at: collector,
    code: "import '@heed/assembly';",
    rule: '[layer]',
  },
  {
    what: 'the assembly in an adapter',
    at: 'libs/adapters/postgres/src/planted.ts',
    code: "import '@heed/assembly';",
    rule: '[layer]',
  },
  { what: 'an app in the assembly', at: assembly, code: "import '@heed/standalone';", rule: '[layer]' },
  { what: 'test tools in the assembly', at: assembly, code: "import '@heed/testing';", rule: '[layer]' },
  { what: 'another app in an app', at: cli, code: "import '@heed/standalone';", rule: '[layer]' },
  {
    what: 'a relative path into another project',
    at: sessions,
    code: "import '../../events/src/event.ts';",
    rule: '[project]',
  },
  {
    what: 'a relative re-export of another project',
    at: cli,
    code: "export * from '../../../libs/kernel/src/result.ts';",
    rule: '[project]',
  },
  { what: 'a deep import', at: sessions, code: "import '@heed/events/src/event.ts';", rule: '[deep-import]' },
  {
    what: 'a deep import in a test',
    at: sessionsTest,
    code: "import '@heed/events/src/event.ts';",
    rule: '[deep-import]',
  },
  { what: 'a default export', at: sessions, code: 'export default 1;', rule: 'no-restricted-exports' },
  { what: 'any', at: sessions, code: 'export const a: any = 1;', rule: '@typescript-eslint/no-explicit-any' },
];

const allowed: readonly Planted[] = [
  {
    what: 'the domain on the domain, the kernel and zod',
    at: sessions,
    code: "import '@heed/kernel';\nimport '@heed/events';\nimport 'zod';\nimport './turn.ts';\nexport const at = new Date(0);",
  },
  {
    what: 'test tools and Node in a test of the domain',
    at: sessionsTest,
    code: "import 'node:fs';\nimport 'vitest';\nimport 'fast-check';\nimport '@heed/testing';\nexport const a = Date.now();",
  },
  {
    what: 'an adapter on another adapter, a driver and Node',
    at: 'libs/adapters/event-store/src/planted.ts',
    code: "import 'node:path';\nimport 'pg';\nimport '@heed/postgres';\nimport '@heed/policies';",
  },
  {
    what: 'a process on Nest, the platform and the contract',
    at: collector,
    code: "import '@nestjs/common';\nimport 'rxjs';\nimport '@heed/platform';\nimport '@heed/contract';",
  },
  {
    what: 'the SDK on the contract and the policies',
    at: 'libs/sdk/src/planted.ts',
    code: "import '@heed/contract';\nimport '@heed/policies';\nvoid fetch('/bundle');",
  },
  {
    what: 'the assembly on processes and adapters',
    at: assembly,
    code: "import 'node:path';\nimport '@nestjs/core';\nimport '@heed/postgres';\nimport '@heed/control';\nimport '@heed/platform';",
  },
  {
    what: 'an app on everything in libs',
    at: cli,
    code: "import 'node:fs';\nimport 'commander';\nimport '@heed/assembly';\nimport '@heed/postgres';\nimport '@heed/control';\nimport '@heed/sdk';",
  },
  {
    what: 'a test project on the apps',
    at: 'tests/e2e/src/planted.ts',
    code: "import '@heed/cli';\nimport '@heed/standalone';\nimport '@heed/postgres';",
  },
];

describe('The import rules', () => {
  beforeAll(async () => {
    await complaintsAbout(sessions, '');
  }, 20_000);

  it.each(refused)('refuse $what', async ({ at, code, rule }) => {
    expect((await complaintsAbout(at, code)).join('\n')).toContain(rule);
  });

  it.each(allowed)('allow $what', async ({ at, code }) => {
    expect(await complaintsAbout(at, code)).toEqual([]);
  });
});
