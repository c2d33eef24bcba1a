import type { TenantId } from '@heed/kernel';
import type { BundleContent, BundleRewrite } from './bundle.ts';
import type { Fix } from './fix.ts';

/** Share of units that a canary serves unless told otherwise. */
export const DEFAULT_CANARY_SHARE = 0.05;

/**
 * What the runtime is to serve: the tenant's live fixes to everybody, those in canary to a share of units. The same fixes
 * give the same content whatever order they come in: sorted by state, then smallest share first (a canary is tried before
 * the live fix it challenges), then by id. O(n log n).
 */
export function bundleContentOf(
  tenant: TenantId,
  fixes: Iterable<Fix>,
  canaryShare: number = DEFAULT_CANARY_SHARE,
): BundleContent {
  if (!(canaryShare > 0 && canaryShare <= 1)) {
    throw new RangeError(`canaryShare must be above 0 and at most 1, got ${canaryShare}`);
  }
  const rewrites: BundleRewrite[] = [];
  for (const fix of fixes) {
    if (fix.status === 'live') rewrites.push(rewriteOf(fix, 1));
    if (fix.status === 'canary') rewrites.push(rewriteOf(fix, canaryShare));
  }
  return { format: 'heed.bundle.v1', tenant, rewrites: rewrites.sort(inServingOrder), policies: {} };
}

/** The one JSON text of a content: keys in the order of the type, so that equal content is equal text and equal hash. */
export function bundleText({ format, tenant, rewrites, policies }: BundleContent): string {
  const ordered = rewrites.map(({ state, text, fix, share }) => ({ state, text, fix, share }));
  return JSON.stringify({ format, tenant, rewrites: ordered, policies });
}

/** The text that the signature covers: which content, for whom, and which publication. */
export function signedText(bundle: {
  readonly tenant: string;
  readonly version: number;
  readonly sha256: string;
}): string {
  return `heed.bundle.v1\n${bundle.tenant}\n${bundle.version}\n${bundle.sha256}`;
}

/** Order of rewrites in a bundle; by code unit, never by locale. Zero only for the same fix. */
export function inServingOrder(a: BundleRewrite, b: BundleRewrite): number {
  return byCodeUnit(a.state, b.state) || a.share - b.share || byCodeUnit(a.fix, b.fix);
}

function rewriteOf(fix: Fix, share: number): BundleRewrite {
  return { state: fix.rewrite.fromState, text: fix.rewrite.to, fix: fix.id, share };
}

function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
