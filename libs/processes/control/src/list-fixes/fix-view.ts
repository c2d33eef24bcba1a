import type { FixView } from '@heed/contract';
import type { Fix } from '@heed/policies';

/** A fix as the API shows it: times as RFC 3339, everything it rests on included. */
export function fixViewOf({ id, tenant, status, rewrite, evidence, history }: Fix): FixView {
  return {
    fix: id,
    tenant,
    status,
    ...rewrite,
    evidence: {
      ...evidence,
      window: { ...evidence.window },
      sessionIds: [...evidence.sessionIds],
      gates: [...evidence.gates],
    },
    history: history.map(({ status, atMs, who, why }) => ({
      status,
      at: new Date(atMs).toISOString(),
      who,
      why,
    })),
  };
}
