import { Fault, type Result } from '@heed/kernel';
import type { FixRefusal } from '@heed/policies';

const REMEDIES: Readonly<Record<FixRefusal['code'], string>> = {
  'fix-unknown': 'List the fixes (GET /v1/fixes, or heed fixes) and use an id from there, with its tenant.',
  'fix-blocked': 'Put another rewrite of the same request live instead.',
  'fix-transition-not-allowed': 'Do one of what is possible now, or leave the fix as it is.',
};

/** At the edge a refusal by the aggregate becomes a fault that the caller is told. */
export function orFault<T>(result: Result<T, FixRefusal>): T {
  if (result.ok) return result.value;
  const { code, message } = result.error;
  throw new Fault(code, message, REMEDIES[code]);
}
