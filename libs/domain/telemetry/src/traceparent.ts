import type { SpanPlace } from './tracing.ts';

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/u;
const SAMPLED = 1;

/**
 * The caller's place as W3C Trace Context writes it in the header `traceparent`; undefined for everything that is none. Versions to
 * come may have more behind what we know of.
 *
 * Source: https://www.w3.org/TR/trace-context/#traceparent-header
 * @example placeInTraceparent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')
 */
export function placeInTraceparent(header: string | readonly string[] | undefined): SpanPlace | undefined {
  if (typeof header !== 'string') return undefined;
  const [, version, traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(header.trim()) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/u.test(traceId) || /^0+$/u.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}
