import { normaliseText } from '@heed/kernel';
import type { BundleContent, BundleRewrite, Decision, DecisionRequest } from './bundle.ts';
import { placeInUnitInterval } from './hash-text.ts';

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
  // What nearly every request meets stands alone and small: at a million rewrites a look-up is waiting for memory.
  const live = new Map<string, ServedRewrite>();
  const canaries = new Map<string, BundleRewrite[]>();
  for (const rewrite of rewrites) {
    const { state, text, fix, share } = rewrite;
    if (share < 1) canaries.set(state, [...(canaries.get(state) ?? []), rewrite]);
    else if (!live.has(state)) live.set(state, { text, fix });
  }
  const hasCanaries = canaries.size > 0;
  const canaryOf = (state: string, unit: string): ServedRewrite | undefined =>
    canaries.get(state)?.find((canary) => isServed(canary, unit));

  // Every state of a text is its own normal form, so a request that is a state already needs no normalising. Only what ends
  // as interpretations do may not be looked up as it is: no text is one.
  const liveByText = (text: string): ServedRewrite | undefined => {
    if (text.charCodeAt(text.length - 1) === CLOSING_BRACE) return live.get(normaliseText(text));
    const asItIs = live.get(text);
    if (asItIs !== undefined) return asItIs;
    const state = normaliseText(text);
    return state === text ? undefined : live.get(state);
  };

  const decide = ({ text, interpretation, unit }: DecisionRequest): Decision => {
    let rewrite: ServedRewrite | undefined;
    if (hasCanaries && unit !== undefined) rewrite = canaryOf(interpretation ?? normaliseText(text), unit);
    rewrite ??= interpretation === undefined ? liveByText(text) : live.get(interpretation);
    return {
      request: text,
      rewrite: rewrite === undefined ? null : rewrite.text,
      fix: rewrite === undefined ? null : rewrite.fix,
      policies: NO_POLICIES,
      bundle: sha256,
    };
  };
  return { sha256, version, tenant, rewrites: rewrites.length, decide };
}

type ServedRewrite = Pick<BundleRewrite, 'text' | 'fix'>;

/** Sticky per unit, and independent from fix to fix, so that nobody is in every canary. */
function isServed({ fix, share }: BundleRewrite, unit: string): boolean {
  return placeInUnitInterval(`${fix}\n${unit}`) < share;
}
