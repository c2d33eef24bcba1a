import { pythonEnvironment, startService } from '@heed/test-e2e';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { adminKey } from '../admin-key.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const CONFIG = join(import.meta.dirname, 'schemathesis.toml');
const CACHE = join(import.meta.dirname, '../../../../node_modules/.cache');
/** Of requests that it makes up for each route and phase. */
const EXAMPLES = 30;

it('answers as its own OpenAPI document says, whatever schemathesis makes of that, with a key that opens every route', async () => {
  const python = pythonEnvironment(CACHE, REQUIREMENTS);
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-schemathesis-'));
  const service = await startService(dataDir);
  try {
    const key = await adminKey(service.url);
    const options = ['--checks', 'all', '--max-examples', String(EXAMPLES), '--seed', '1', '--no-color'];
    const child = spawn(
      python,
      [
        '-m',
        'schemathesis.cli',
        ...['--config-file', CONFIG],
        'run',
        `${service.url}/docs-json`,
        '-H',
        `Authorization: Bearer ${key}`,
        ...options,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], cwd: dataDir },
    );
    const [said, complained] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ]);
    console.log(said.slice(said.indexOf('SUMMARY')));
    expect(child.exitCode, said + complained).toBe(0);
    expect(said).toMatch(/Tested: [1-9]\d*$/mu);
    expect(service.printed()).not.toContain('request-failed');
  } finally {
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
