import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { goModule } from './go-tools.ts';

type Schema = Readonly<Record<string, unknown>>;

const schema = z.record(z.string(), z.unknown());
const definition = z.looseObject({
  'x-kubernetes-group-version-kind': z
    .array(z.object({ group: z.string(), version: z.string(), kind: z.string() }))
    .default([]),
});
const openApi = z.object({ definitions: z.record(z.string(), definition) });

const customResource = z.object({
  spec: z.object({
    group: z.string(),
    names: z.object({ kind: z.string() }),
    versions: z.array(z.object({ name: z.string(), schema: z.object({ openAPIV3Schema: schema }) })),
  }),
});

/** Where kubeconform finds the schema of a kind below the folder. */
export const SCHEMA_PATTERN = '{{ .ResourceKind }}{{ .KindSuffix }}.json';

/**
 * Kubernetes' own description of its API, as Go modules carry it, as the JSON schemas that kubeconform reads: one file a kind, whole in itself, and strict: what
 * is not described is refused.
 */
export async function writeKubernetesSchemas(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const kubernetes = await goModule('k8s.io/kubernetes');
  const api = openApi.parse(await readJson(join(kubernetes, 'api/openapi-spec/swagger.json')));
  for (const [name, described] of Object.entries(api.definitions)) {
    const [kind, ...others] = described['x-kubernetes-group-version-kind'];
    if (kind === undefined || others.length > 0) continue;
    const whole = { $ref: `#/definitions/${name}`, definitions: reachedFrom(name, api.definitions) };
    await writeFile(join(folder, fileOf(kind)), JSON.stringify(whole));
  }
  const operator = await goModule('github.com/prometheus-operator/prometheus-operator');
  const found = join(operator, 'jsonnet/prometheus-operator/servicemonitors-crd.json');
  const { spec } = customResource.parse(await readJson(found));
  for (const { name: version, schema: its } of spec.versions) {
    const file = fileOf({ group: spec.group, version, kind: spec.names.kind });
    await writeFile(join(folder, file), JSON.stringify(strict(its.openAPIV3Schema)));
  }
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}

/** kubeconform names a kind by the first part of its group. */
function fileOf({
  group,
  version,
  kind,
}: {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}): string {
  const [first = ''] = group.split('.');
  return `${[kind, first, version]
    .filter((part) => part !== '')
    .join('-')
    .toLowerCase()}.json`;
}

function reachedFrom(name: string, all: Readonly<Record<string, Schema>>): Record<string, unknown> {
  const reached: Record<string, unknown> = {};
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const found = all[next];
    if (found === undefined || reached[next] !== undefined) continue;
    reached[next] = strict(found);
    for (const [, target = ''] of JSON.stringify(found).matchAll(/"#\/definitions\/([^"]+)"/gu))
      waiting.push(target);
  }
  return reached;
}

function strict(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => strict(each));
  const read = schema.safeParse(value);
  if (!read.success) return value;
  const mapped = Object.fromEntries(Object.entries(read.data).map(([key, each]) => [key, strict(each)]));
  if (mapped['x-kubernetes-int-or-string'] === true || mapped['format'] === 'int-or-string')
    return { type: ['string', 'integer'] };
  const isClosed =
    schema.safeParse(mapped['properties']).success &&
    mapped['type'] === 'object' &&
    mapped['additionalProperties'] === undefined &&
    mapped['x-kubernetes-preserve-unknown-fields'] === undefined;
  return isClosed ? { ...mapped, additionalProperties: false } : mapped;
}
