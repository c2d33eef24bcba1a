import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Metrics } from '@heed/platform';
import { describe, expect, it } from 'vitest';
import { docker, root } from './dockerfile.ts';
import { goTool } from './go-tools.ts';
import { run } from './run.ts';

const folder = join(docker, 'prometheus');
const rules = readFileSync(join(folder, 'alerts.yaml'), 'utf8');
const alerts = [...rules.matchAll(/- alert: (\S+)/gu)].map(([, name]) => String(name));

describe('docker/prometheus/alerts.yaml', () => {
  it('is what Prometheus takes', async () => {
    const args = ['check', 'rules', '--lint=all', '--lint-fatal', 'alerts.yaml'];
    const { code, stdout, stderr } = await run(await goTool('promtool'), args, { cwd: folder });
    expect(`${stdout}${stderr}`).toContain(`SUCCESS: ${alerts.length} rules found`);
    expect(code).toBe(0);
  });

  it('raises each alert when it should, and none when all is well', async () => {
    const { code, stdout, stderr } = await run(
      await goTool('promtool'),
      ['test', 'rules', 'alerts.test.yaml'],
      {
        cwd: folder,
      },
    );
    expect(`${stdout}${stderr}`).toContain('SUCCESS');
    expect(code).toBe(0);
    const tried = readFileSync(join(folder, 'alerts.test.yaml'), 'utf8');
    for (const alert of alerts) expect(tried.split(`alertname: ${alert}`), alert).toHaveLength(3);
  });

  it('asks for metrics that Heed has', async () => {
    const known = await new Metrics().text();
    const documented = readFileSync(join(root, 'docs/metrics.md'), 'utf8');
    const asked = new Set([...rules.matchAll(/\b(?:heed|nodejs)_[a-z0-9_]+/gu)].map(([name]) => name));
    expect(asked.size).toBeGreaterThan(6);
    for (const name of asked) {
      const metric = name.replace(/_(?:bucket|count)$/u, '');
      expect(known.includes(`# TYPE ${metric} `) || documented.includes(`\`${metric}\``), metric).toBe(true);
    }
  });

  it('has a line in the runbook for each', () => {
    const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
    expect(alerts.filter((alert) => !runbook.includes(`\`${alert}\``))).toEqual([]);
  });
});
