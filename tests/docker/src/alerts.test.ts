import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Metrics } from '@heed/platform';
import { describe, expect, it } from 'vitest';
import { LEAST_VALUES, ofKind, template } from './chart.ts';
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

  it.each(['heed', 'shop', 'heed-prod'])('knows the processes of a release called %s', async (release) => {
    const own = mkdtempSync(join(tmpdir(), 'heed-alerts-'));
    try {
      const jobs = jobsOf(
        await template(own, { ...LEAST_VALUES, serviceMonitor: { enabled: true } }, release),
      );
      expect(new Set(jobs).size).toBe(4);
      await writeFile(join(own, 'alerts.test.json'), JSON.stringify(allDown(jobs)));
      const tested = await run(await goTool('promtool'), ['test', 'rules', 'alerts.test.json'], { cwd: own });
      expect(`${tested.stdout}${tested.stderr}`).toContain('SUCCESS');
      expect(tested.code).toBe(0);
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
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

/** What the Prometheus operator calls the processes: by the label that the ServiceMonitor names, by the name of the Service where there is none. */
function jobsOf(manifests: string): readonly string[] {
  const [monitor = ''] = ofKind('ServiceMonitor', manifests).values();
  const label = /^  jobLabel: (\S+)$/mu.exec(monitor)?.[1];
  return [...ofKind('Service', manifests)].map(
    ([name, service]) =>
      service
        .split('\n')
        .map((line) => line.trim().split(': '))
        .find(([key]) => key === label)?.[1] ?? name,
  );
}

/** A test for promtool: each of these is down and hangs, and two alerts say so of each. */
function allDown(jobs: readonly string[]): unknown {
  const raised = (alertname: string, severity: string, says: string) => ({
    alertname,
    eval_time: '20m',
    exp_alerts: jobs.map((job) => ({
      exp_labels: { severity, job, instance: 'a' },
      exp_annotations: { summary: `${job} at a ${says}.` },
    })),
  });
  return {
    rule_files: [join(folder, 'alerts.yaml')],
    tests: [
      {
        interval: '1m',
        input_series: jobs.flatMap((job) => [
          { series: `up{job="${job}", instance="a"}`, values: '0x30' },
          { series: `nodejs_eventloop_lag_p99_seconds{job="${job}", instance="a"}`, values: '3x30' },
        ]),
        alert_rule_test: [
          raised('HeedProcessDown', 'critical', 'does not answer'),
          raised('HeedProcessHangs', 'warning', 'does not get to its work'),
        ],
      },
    ],
  };
}
