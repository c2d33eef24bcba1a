import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { docker } from './dockerfile.ts';
import { goTool } from './go-tools.ts';
import { output, run, type Ran } from './run.ts';

const chart = join(docker, 'helm/heed');

/** The least that an installation says. */
export const LEAST_VALUES = {
  kafka: { brokers: 'kafka-0.kafka:9092,kafka-1.kafka:9092' },
  clickhouse: { url: 'http://clickhouse:8123' },
};

/** Everything that can be switched on. */
export const ALL_VALUES = {
  image: { registry: 'registry.example', tag: '1.2.3' },
  imagePullSecrets: [{ name: 'registry' }],
  kafka: {
    brokers: 'kafka:9093',
    ssl: true,
    mechanism: 'scram-sha-512',
    user: 'heed',
    partitions: 24,
    replication: 3,
  },
  secrets: { kafkaPassword: { name: 'kafka', key: 'password' } },
  clickhouse: { url: 'https://clickhouse.example:8443', cluster: 'main' },
  settings: { HEED_LOG_LEVEL: 'info', HEED_MAX_BATCH_EVENTS: 500 },
  extraEnv: [{ name: 'NODE_EXTRA_CA_CERTS', value: '/etc/heed/ca/ca.pem' }],
  extraEnvFrom: [{ configMapRef: { name: 'all' } }],
  extraVolumes: [{ name: 'ca', configMap: { name: 'ca' } }],
  extraVolumeMounts: [{ name: 'ca', mountPath: '/etc/heed/ca', readOnly: true }],
  collector: {
    autoscaling: { enabled: true, minReplicas: 3, maxReplicas: 9, targetCpuPercent: 60 },
    env: { HEED_LOG_LEVEL: 'debug', HEED_REDACTION_FILE: '/etc/heed/rules/redaction.json' },
    extraEnv: [{ name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: 'edge', key: 'url' } } }],
    extraEnvFrom: [{ secretRef: { name: 'edge' } }],
    extraVolumes: [{ name: 'rules', configMap: { name: 'rules' } }],
    extraVolumeMounts: [{ name: 'rules', mountPath: '/etc/heed/rules', readOnly: true }],
  },
  projector: { autoscaling: { enabled: true } },
  learner: { replicas: 2 },
  podAnnotations: { 'example.com/team': 'search' },
  nodeSelector: { 'kubernetes.io/arch': 'amd64' },
  tolerations: [{ key: 'dedicated', operator: 'Exists' }],
  affinity: {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname' } },
      ],
    },
  },
  serviceAccount: { annotations: { 'example.com/role': 'heed' } },
  ingress: { enabled: true, className: 'nginx', host: 'heed.example', tlsSecret: 'heed-tls' },
  networkPolicy: {
    enabled: true,
    from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } } }],
  },
  serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
};

async function written(folder: string, values: unknown): Promise<string> {
  const file = join(folder, 'values.json');
  await writeFile(file, JSON.stringify(values));
  return file;
}

export async function lint(folder: string, values: unknown): Promise<Ran> {
  return run(await goTool('helm'), ['lint', '--strict', chart, '--values', await written(folder, values)]);
}

/** The manifests that an installation with these values makes, as YAML. */
export async function template(folder: string, values: unknown, release = 'shop'): Promise<string> {
  return output(await goTool('helm'), [
    'template',
    release,
    chart,
    '--values',
    await written(folder, values),
  ]);
}

/** Those of one kind, by name. */
export function ofKind(kind: string, manifests: string): ReadonlyMap<string, string> {
  const ofIt = new RegExp(`^kind: ${kind}$`, 'mu');
  const found = manifests.split(/^---$/mu).filter((text) => ofIt.test(text));
  return new Map(found.map((text) => [String(/^  name: (\S+)$/mu.exec(text)?.[1]), text]));
}
