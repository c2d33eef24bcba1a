import type { FixView } from '@heed/contract';
import type { Attribution, Fix } from '@heed/policies';

/** A fix as the API shows it: times as RFC 3339, everything it rests on included. */
export function fixViewOf({ id, tenant, status, rewrite, evidence, stale, history }: Fix): FixView {
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
    stale: stale && attributionOf(stale),
    history: history.map(({ status, stale: wentStale, ...by }) => ({
      status,
      ...attributionOf(by),
      ...(wentStale && { stale: wentStale }),
    })),
  };
}

function attributionOf({ atMs, who, why }: Attribution): { at: string; who: string; why: string } {
  return { at: new Date(atMs).toISOString(), who, why };
}
