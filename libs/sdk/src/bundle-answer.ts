import type { BundleResponse } from '@heed/contract';

const TEXTS = ['tenant', 'content', 'sha256', 'signature', 'keyId', 'publicKey'] as const;

/**
 * The bundle in the answer of GET /v1/bundle. By hand rather than by the contract's own schema, whose library is ten times as large
 * as the rest of the SDK; a test holds the two equal.
 *
 * @throws TypeError when it is none
 */
export function bundleIn(answer: unknown): BundleResponse {
  if (isBundle(answer)) return answer;
  throw new TypeError('The answer is no bundle.');
}

function isBundle(answer: unknown): answer is BundleResponse {
  if (typeof answer !== 'object' || answer === null) return false;
  const fields: Partial<Record<string, unknown>> = { ...answer };
  return Number.isSafeInteger(fields['version']) && TEXTS.every((name) => typeof fields[name] === 'string');
}
