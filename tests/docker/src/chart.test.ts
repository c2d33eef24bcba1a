import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_VALUES, LEAST_VALUES, lint, ofKind, template } from './chart.ts';
import { docker, root } from './dockerfile.ts';
import { goTool } from './go-tools.ts';
import { SCHEMA_PATTERN, writeKubernetesSchemas } from './kubernetes-schemas.ts';
import { run, type Ran } from './run.ts';
import { SECRETS, SECRETS_BY_APP } from './secrets-by-app.ts';

describe('the Helm chart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-chart-'));
  const schemas = join(folder, 'schemas');

  beforeAll(() => writeKubernetesSchemas(schemas));

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function kubeconform(manifests: string): Promise<Ran> {
    const args = ['-strict', '-summary', '-schema-location', join(schemas, SCHEMA_PATTERN)];
    return run(await goTool('kubeconform'), args, { input: manifests });
  }

  describe.each([
    ['the least', LEAST_VALUES, { Deployment: 4, Service: 4, PodDisruptionBudget: 3, ServiceAccount: 1 }],
    [
      'all there is',
      ALL_VALUES,
      {
        ...{ Deployment: 4, Service: 4, PodDisruptionBudget: 4, ServiceAccount: 1 },
        ...{ HorizontalPodAutoscaler: 2, Ingress: 1, NetworkPolicy: 1, ServiceMonitor: 1 },
      },
    ],
  ] as const)('with %s', (_, values, kinds) => {
    it('passes helm lint --strict', async () => {
      const { code, stdout, stderr } = await lint(folder, values);
      expect(`${stdout}${stderr}`).toContain('0 chart(s) failed');
      expect(code).toBe(0);
    });

    it('makes what Kubernetes takes, and nothing that it does not know', async () => {
      const manifests = await template(folder, values);
      const { code, stdout, stderr } = await kubeconform(manifests);
      const count = Object.values(kinds).reduce((sum, number) => sum + number, 0);
      expect(`${stdout}${stderr}`).toBe(
        `Summary: ${count} resources found parsing stdin - Valid: ${count}, Invalid: 0, Errors: 0, Skipped: 0\n`,
      );
      expect(code).toBe(0);
      for (const [kind, number] of Object.entries(kinds))
        expect(manifests.match(new RegExp(`^kind: ${kind}$`, 'gmu')), kind).toHaveLength(number);
    });
  });

  it('is looked at by a check that bites', async () => {
    const manifests = await template(folder, LEAST_VALUES);
    const misspelt = await kubeconform(
      manifests.replace('terminationGracePeriodSeconds', 'terminationGrace'),
    );
    expect(misspelt.code).toBe(1);
    expect(misspelt.stdout).toContain('terminationGrace');
    const wrongType = await kubeconform(manifests.replace('containerPort: 8585', 'containerPort: http'));
    expect(wrongType.code).toBe(1);
  });

  it.each([
    ['no brokers', { clickhouse: LEAST_VALUES.clickhouse }, 'brokers'],
    ['an address that is none', { ...LEAST_VALUES, clickhouse: { url: 'clickhouse:8123' } }, 'url'],
    ['a value that there is not', { ...LEAST_VALUES, replicas: 3 }, 'replicas'],
    ['a setting of somebody else', { ...LEAST_VALUES, settings: { PATH: '/' } }, 'PATH'],
    ['a variable without a value', { ...LEAST_VALUES, extraEnv: [{ name: 'ONLY_A_NAME' }] }, 'extraEnv'],
  ])('refuses %s and says so', async (_, values, name) => {
    const { code, stdout, stderr } = await lint(folder, values);
    expect(code).not.toBe(0);
    expect(`${stdout}${stderr}`).toContain(name);
  });

  it('gives every process settings that Heed knows, each once', async () => {
    const documented = readFileSync(join(root, 'docs/settings.md'), 'utf8');
    const deployments = ofKind('Deployment', await template(folder, ALL_VALUES));
    expect([...deployments.keys()]).toEqual(Object.keys(SECRETS_BY_APP).map((app) => `shop-${app}`));
    for (const text of deployments.values()) {
      const names = [...text.matchAll(/- name: ((?:HEED|DATABASE)_[A-Z_]+)$/gmu)].map(([, name]) => name);
      expect(names.length).toBeGreaterThan(5);
      expect(new Set(names).size).toBe(names.length);
      expect(names.filter((name) => !documented.includes(`| \`${String(name)}\``))).toEqual([]);
    }
  });

  it.each(Object.entries(SECRETS_BY_APP))(
    'gives %s the secrets that it works with, and no other',
    async (app, its) => {
      const deployment = String(ofKind('Deployment', await template(folder, ALL_VALUES)).get(`shop-${app}`));
      const given = [...deployment.matchAll(/- name: (\S+)$/gmu)].map(([, name]) => String(name));
      expect(given.filter((name) => SECRETS.has(name)).sort()).toEqual(its);
      expect(deployment.includes('bundle-ed25519.pem')).toBe(app === 'control');
    },
  );

  it('adds files and variables of an installation, for all or for one', async () => {
    const deployments = ofKind('Deployment', await template(folder, ALL_VALUES));
    const [collector, learner] = ['collector', 'learner'].map((app) =>
      String(deployments.get(`shop-${app}`)),
    );
    for (const text of [collector, learner]) {
      expect(text).toMatch(/- name: NODE_EXTRA_CA_CERTS\n\s+value: \/etc\/heed\/ca\/ca\.pem\n/u);
      expect(text).toMatch(/envFrom:\n\s+- configMapRef:\n\s+name: all\n/u);
      expect(text).toMatch(/- mountPath: \/etc\/heed\/ca\n\s+name: ca\n\s+readOnly: true\n/u);
      expect(text).toMatch(/- configMap:\n\s+name: ca\n\s+name: ca\n/u);
    }
    const ofOne = ['secretRef:', 'mountPath: /etc/heed/rules', 'key: url', 'HEED_REDACTION_FILE'];
    expect(ofOne.filter((text) => !collector?.includes(text))).toEqual([]);
    expect(ofOne.filter((text) => learner?.includes(text))).toEqual([]);
    // Its own goes before the chart's.
    expect(collector).not.toContain('key: DATABASE_URL');
  });

  it('refuses a variable that is said for all and for one', async () => {
    const extraEnv = [{ name: 'TWICE', value: 'differently' }];
    await expect(template(folder, { ...LEAST_VALUES, extraEnv, learner: { extraEnv } })).rejects.toThrow(
      'extraEnv: TWICE is said twice for the learner; take one of them out.',
    );
  });

  it('leads each path where the gateway leads it', async () => {
    const ingress = ofKind('Ingress', await template(folder, ALL_VALUES)).get('shop');
    const byIngress = pairs(String(ingress), /- path: (\S+)[^]*?name: shop-(\S+)/gu);
    const gateway = readFileSync(join(docker, 'gateway/nginx.conf'), 'utf8');
    const byGateway = pairs(gateway, /location (\/\S*) \{\s*proxy_pass http:\/\/(\S+);/gu);
    // A longer wait, and no other way.
    expect(byGateway.get('/v1/replay')).toBe(byGateway.get('/'));
    byGateway.delete('/v1/replay');
    expect(byGateway.size).toBe(6);
    expect(byIngress).toEqual(byGateway);
  });
});

function pairs(text: string, pattern: RegExp): Map<string, string> {
  return new Map([...text.matchAll(pattern)].map(([, path, app]) => [String(path), String(app)]));
}
