import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const HEED = join(import.meta.dirname, '../../../dist/heed.js');

let shared: string;
beforeAll(() => {
  shared = mkdtempSync(join(tmpdir(), 'heed-shared-'));
});
afterAll(() => {
  rmSync(shared, { recursive: true });
});

function bench(...options: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [HEED, 'bench', 'reformulation', ...options],
    {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], HEED_SHARED: shared },
    },
  );
  return { status, stdout, stderr };
}

it('a bench whose data sets are not there says so in plain words, and what to do', () => {
  const title = `There is no folder data/ in ${shared}, which HEED_SHARED names.`;
  const remedy = 'Set HEED_SHARED to the folder that holds data/.';
  expect(bench()).toEqual({ status: 1, stdout: '', stderr: `heed: ${title}\n  ${remedy}\n` });
  expect(JSON.parse(bench('--json').stdout)).toEqual({
    problem: { code: 'data-sets-missing', title, remedy },
  });
});

it('a bench that misses one file names it', () => {
  mkdirSync(join(shared, 'data'));
  const { status, stderr } = bench();
  expect(status).toBe(1);
  expect(stderr).toMatch(/^heed: The data set file alexa_cqr\/cqr_kvret_dev_public\.json\.gz is not in /u);
  expect(stderr).not.toContain('    at ');
});
