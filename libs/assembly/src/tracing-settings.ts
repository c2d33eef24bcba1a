import { z } from 'zod';
import { oneOf, share } from './setting-shapes.ts';

const endpoint = z
  .string()
  .refine((text) => isHttp(text), {
    error: 'expected the address of an OTLP/HTTP endpoint, like http://collector:4318',
  })
  .optional();

const PAIRS = 'expected name=value pairs with commas between them, percent-encoded';

/** Where Heed's own traces go, by OpenTelemetry's own variables; without an endpoint nothing is traced. */
export const tracingSettings = z.strictObject({
  endpoint,
  /** As it is, and before the other. */
  tracesEndpoint: endpoint,
  service: z.string().optional(),
  sampler: oneOf([
    'always_on',
    'always_off',
    'traceidratio',
    'parentbased_always_on',
    'parentbased_always_off',
    'parentbased_traceidratio',
  ]).default('parentbased_always_on'),
  ratio: share('all traces').default(1),
  resource: z
    .string()
    .refine((text) => pairsIn(text) !== null, { error: PAIRS })
    .optional(),
});

export type TracingSettings = z.output<typeof tracingSettings>;

/** Where spans are posted to; undefined where nothing is traced. */
export function tracesUrl({ endpoint: base, tracesEndpoint }: TracingSettings): string | undefined {
  return tracesEndpoint ?? (base === undefined ? undefined : `${base.replace(/\/$/u, '')}/v1/traces`);
}

/** As OTEL_RESOURCE_ATTRIBUTES writes them: `deployment.environment.name=production,team=search`. Null for anything else. */
export function pairsIn(text: string): Readonly<Record<string, string>> | null {
  const pairs = text === '' ? [] : text.split(',').map((pair) => /^\s*([^=\s]+)\s*=(.*)$/u.exec(pair));
  try {
    return Object.fromEntries(
      pairs.map((pair) => {
        const [, name = '', value = ''] = pair ?? [];
        if (name === '') throw new URIError(PAIRS);
        return [decodeURIComponent(name), decodeURIComponent(value.trim())];
      }),
    );
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

function isHttp(text: string): boolean {
  return URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol);
}
