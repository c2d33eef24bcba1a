import type { RewriteEvidence } from '@heed/mining';
import type { FixId, TenantId } from '@heed/kernel';

export const FIX_STATUSES = ['proposed', 'vetted', 'canary', 'live', 'retired', 'blocked'] as const;
export type FixStatus = (typeof FIX_STATUSES)[number];

/** A rewrite on its way to production. `none` before it is proposed. */
export type FixState = { readonly status: 'none' } | Fix;

export interface Fix {
  readonly status: FixStatus;
  readonly id: FixId;
  readonly tenant: TenantId;
  readonly rewrite: Rewrite;
  readonly evidence: RewriteEvidence;
  /** Why the evidence does not hold as it stands, until it is mined again; null while it does. A stale fix is served as before. */
  readonly stale: Attribution | null;
  readonly history: readonly FixStep[];
}

export interface Rewrite {
  /** Chain state it answers to: the normalised request, or the interpretation. The runtime's key. */
  readonly fromState: string;
  readonly toState: string;
  readonly from: string;
  /** The text to serve. */
  readonly to: string;
}

export interface FixStep {
  readonly status: FixStatus;
  readonly atMs: number;
  readonly who: string;
  readonly why: string;
  /** The step is that it became stale: its status stayed as it was. */
  readonly stale?: true;
}

/** Who did it and why, on every command and every event. Time comes in; the aggregate has no clock. */
export interface Attribution {
  readonly atMs: number;
  readonly who: string;
  readonly why: string;
}

export type FixCommand =
  | ({
      readonly kind: 'propose';
      readonly id: FixId;
      readonly tenant: TenantId;
      readonly rewrite: Rewrite;
      readonly evidence: RewriteEvidence;
    } & Attribution)
  | ({ readonly kind: 'mark-stale' } & Attribution)
  | ({ readonly kind: 'approve' | 'canary' | 'live' | 'retire' | 'block' } & Attribution);

export type FixEvent =
  | ({
      readonly kind: 'fix-proposed';
      readonly id: FixId;
      readonly tenant: TenantId;
      readonly rewrite: Rewrite;
      readonly evidence: RewriteEvidence;
    } & Attribution)
  | ({
      readonly kind: 'fix-evidence-renewed';
      readonly rewrite: Rewrite;
      readonly evidence: RewriteEvidence;
    } & Attribution)
  | ({
      readonly kind: 'fix-went-stale';
    } & Attribution)
  | ({
      readonly kind: 'fix-vetted' | 'fix-put-in-canary' | 'fix-went-live' | 'fix-retired' | 'fix-blocked';
    } & Attribution);

/** Why a command was refused; `message` says what would satisfy it. */
export interface FixRefusal {
  readonly code: 'fix-unknown' | 'fix-blocked' | 'fix-transition-not-allowed';
  readonly message: string;
}
