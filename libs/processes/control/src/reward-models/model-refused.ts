import { Fault, type Result } from '@heed/kernel';
import type { RewardModelRefusal } from '@heed/policies';

const REMEDIES: Readonly<Record<RewardModelRefusal['code'], string>> = {
  'model-unknown':
    'List the models (GET /v1/models, or heed models) and use an id from there, with its tenant.',
  'model-refused': 'Read its card for what it misses, and train again: what is live stays live.',
  'model-stale': 'Train again: what is live stays live until then.',
  'model-not-judged': 'Evaluate it on later reactions and record it with what its gates said.',
  'model-name-invalid': 'Give it another name, like love or love-search.',
  'model-name-taken': 'Give it a name of its own with --name.',
  'model-id-mismatch': 'Nothing was changed. Train again, with another seed.',
};

/** At the edge a refusal by the aggregate becomes a fault that the caller is told. */
export function orModelFault<T>(result: Result<T, RewardModelRefusal>): T {
  if (result.ok) return result.value;
  const { code, message } = result.error;
  throw new Fault(code, message, REMEDIES[code]);
}
