import { normaliseText } from '@heed/kernel';
import type { BundleContent, BundleRewrite, Decision, DecisionRequest } from './bundle.ts';
import { placeInUnitInterval } from './hash-text.ts';

const NO_POLICIES: Decision['policies'] = Object.freeze({});

/** Answers requests from one bundle; immutable, and safe to swap for the next between two requests. */
export interface BundleEvaluator {
  readonly sha256: string;
  readonly version: number;
  readonly tenant: string;
  readonly rewrites: number;
  decide(request: DecisionRequest): Decision;
}

/**
 * The evaluator of a bundle whose rewrites stand in serving order (see bundleContentOf). Building is O(rewrites); a decision
 * is one look-up, and a hash of the unit when the rewrite is in canary.
 *
 * The key is the chain's own name of the request: the interpretation when the app has one, else the normalised text. A request
 * with an interpretation is not looked up by its text: no session with an interpretation is behind such a rewrite. A rewrite's
 * text is final: it is never looked up in turn.
 */
export function bundleEvaluator(
  { tenant, rewrites }: BundleContent,
  { sha256, version }: { readonly sha256: string; readonly version: number },
): BundleEvaluator {
  const first = new Map<string, BundleRewrite>();
  // Nearly always empty: the rewrites of a state after its first, when the first is a canary.
  const others = new Map<string, BundleRewrite[]>();
  for (const rewrite of rewrites) {
    if (!first.has(rewrite.state)) first.set(rewrite.state, rewrite);
    else others.set(rewrite.state, [...(others.get(rewrite.state) ?? []), rewrite]);
  }

  const decide = ({ text, interpretation, unit }: DecisionRequest): Decision => {
    const state = interpretation ?? normaliseText(text);
    let rewrite = first.get(state);
    if (rewrite !== undefined && !isServed(rewrite, unit)) {
      rewrite = others.get(state)?.find((other) => isServed(other, unit));
    }
    return {
      request: text,
      rewrite: rewrite?.text ?? null,
      fix: rewrite?.fix ?? null,
      policies: NO_POLICIES,
      bundle: sha256,
    };
  };
  return { sha256, version, tenant, rewrites: rewrites.length, decide };
}

/** Sticky per unit, and independent from fix to fix, so that nobody is in every canary. */
function isServed({ fix, share }: BundleRewrite, unit: string | undefined): boolean {
  return share >= 1 || (unit !== undefined && placeInUnitInterval(`${fix}\n${unit}`) < share);
}
