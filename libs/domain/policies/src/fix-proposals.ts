import type { FixId, TenantId } from '@heed/kernel';
import type { RewriteProposal } from '@heed/mining';
import type { Attribution, Fix, FixStatus, Rewrite } from './fix.ts';

/** What the learner may ask of whoever keeps the fixes. It proposes and switches off what loses; it never puts anything live. */
export interface FixProposals {
  /** Rewrites that must not be proposed again: their fix was blocked, or taken back. */
  notToPropose(tenant: TenantId): Promise<readonly Rewrite[]>;
  /** Proposes, or renews the evidence of what was proposed before; answers in the proposals' order. */
  propose(
    tenant: TenantId,
    proposals: readonly RewriteProposal[],
    by: Attribution,
  ): Promise<readonly { readonly id: FixId; readonly status: FixStatus }[]>;
  /** Fixes that the runtime serves now, live or in canary. */
  served(tenant: TenantId): Promise<readonly Fix[]>;
  /** Retires a served fix, because the turns it served fared worse than before. */
  switchOff(tenant: TenantId, fix: FixId, by: Attribution): Promise<void>;
}
