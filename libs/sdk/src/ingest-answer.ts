import type { IngestResult } from '@heed/contract';

/**
 * The results in a 202, one for each event sent; null when the answer is not that (a proxy's login page, half an answer). By hand
 * rather than by the contract's own schema, whose library is ten times as large as the rest of the SDK.
 */
export function ingestResults(answer: unknown, sent: number): readonly IngestResult[] | null {
  if (typeof answer !== 'object' || answer === null || !('results' in answer)) return null;
  const { results } = answer;
  return Array.isArray(results) && results.length === sent && results.every(isIngestResult) ? results : null;
}

function isIngestResult(value: unknown): value is IngestResult {
  if (typeof value !== 'object' || value === null) return false;
  const { id, status, reason, detail, remedy }: Partial<Record<string, unknown>> = { ...value };
  return (
    (id === null || typeof id === 'string') &&
    (status === 'accepted' || status === 'duplicate' || status === 'dead-lettered') &&
    [reason, detail, remedy].every((text) => text === undefined || typeof text === 'string')
  );
}
