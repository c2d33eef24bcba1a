import { normaliseText } from '@heed/kernel';
import type { BundleContent, BundleRewrite, Decision, DecisionRequest } from './bundle.ts';
import { placeInUnitInterval } from './hash-text.ts';
import type { HashKey } from './half-sip-hash.ts';
import { NOWHERE, rewriteTable, type RewriteSlot } from './rewrite-table.ts';

const CLOSING_BRACE = 125;
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
  const live = rewriteTable(
    rewrites.filter(({ share }) => share === 1),
    keyOf(sha256),
  );
  const canaries = Map.groupBy(
    rewrites.filter(({ share }) => share < 1),
    ({ state }) => state,
  );
  const hasCanaries = canaries.size > 0;
  const canaryOf = (state: string, unit: string): BundleRewrite | undefined =>
    canaries.get(state)?.find((canary) => isServed(canary, unit));

  // Every state of a text is its own normal form, so a request that is a state already needs no normalising. Only what ends
  // as interpretations do may not be looked up as it is: no text is one.
  const liveByText = (text: string): RewriteSlot => {
    if (text.charCodeAt(text.length - 1) === CLOSING_BRACE) return live.find(normaliseText(text));
    const asItIs = live.find(text);
    if (asItIs !== NOWHERE) return asItIs;
    const state = normaliseText(text);
    return state === text ? NOWHERE : live.find(state);
  };
  const decision = (request: string, rewrite: string | null, fix: string | null): Decision => ({
    request,
    rewrite,
    fix,
    policies: NO_POLICIES,
    bundle: sha256,
  });

  const decide = ({ text, interpretation, unit }: DecisionRequest): Decision => {
    if (hasCanaries && unit !== undefined) {
      const canary = canaryOf(interpretation ?? normaliseText(text), unit);
      if (canary !== undefined) return decision(text, canary.text, canary.fix);
    }
    const slot = interpretation === undefined ? liveByText(text) : live.find(interpretation);
    return slot === NOWHERE
      ? decision(text, null, null)
      : decision(text, live.textAt(slot), live.fixAt(slot));
  };
  return { sha256, version, tenant, rewrites: rewrites.length, decide };
}

/** Nobody knows the hash of a bundle before everything that will be in it. */
function keyOf(sha256: string): HashKey {
  return {
    low: Number.parseInt(sha256.slice(0, 8), 16) | 0,
    high: Number.parseInt(sha256.slice(8, 16), 16) | 0,
  };
}

/** Sticky per unit, and independent from fix to fix, so that nobody is in every canary. */
function isServed({ fix, share }: BundleRewrite, unit: string): boolean {
  return placeInUnitInterval(`${fix}\n${unit}`) < share;
}
