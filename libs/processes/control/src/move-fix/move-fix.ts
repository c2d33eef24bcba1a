import type { FixAction } from '@heed/contract';
import { err, type FixId, type TenantId } from '@heed/kernel';
import type { Attribution, Fix } from '@heed/policies';
import { Inject, Injectable } from '@nestjs/common';
import { FixRegister, type OpenFixes } from '../fix-register/fix-register.ts';
import { orFault } from '../fix-register/fix-refused.ts';
import { OneAtATime } from '../fix-register/one-at-a-time.ts';
import { BundlePublisher } from '../publish-bundle/bundle-publisher.ts';

/** A person moves a fix; when it resolves, the bundle that says so is published. */
@Injectable()
export class MoveFix {
  readonly #fixes: FixRegister;
  readonly #publisher: BundlePublisher;
  readonly #turns: OneAtATime;

  constructor(
    @Inject(FixRegister) fixes: FixRegister,
    @Inject(BundlePublisher) publisher: BundlePublisher,
    @Inject(OneAtATime) turns: OneAtATime,
  ) {
    this.#fixes = fixes;
    this.#publisher = publisher;
    this.#turns = turns;
  }

  /** The fix as it is afterwards. Throws Fault with the refusal's code. */
  move(tenant: TenantId, id: FixId, action: FixAction, by: Attribution): Promise<Fix> {
    return this.#turns.run(tenant, async () => {
      const fixes = await this.#fixes.open(tenant);
      if (action === 'live' || action === 'canary') refuseReverse(id, action, fixes);
      const moved = orFault(await fixes.change(id, { kind: action, ...by }));
      // Also when it was live already: a crash may have come between the two steps.
      if (action === 'live') await retireRivals(moved, fixes, by);
      await this.#publisher.publish(tenant);
      return moved;
    });
  }
}

/**
 * Two rewrites that lead into one another would swap what users asked for, so the second is refused: which of them is right is
 * for a person to say. What is served already may be said again.
 */
function refuseReverse(id: FixId, action: FixAction, fixes: OpenFixes): void {
  const fix = fixes.find(id);
  if (fix === undefined || fix.status === action) return;
  const { fromState, toState } = fix.rewrite;
  for (const { id: other, status, rewrite } of fixes.all()) {
    const isServed = status === 'live' || status === 'canary';
    if (!isServed || rewrite.fromState !== toState || rewrite.toState !== fromState) continue;
    const message = `${id} cannot be served: ${other} is ${status} and rewrites the other way round, '${toState}' to '${fromState}'. Retire ${other} first.`;
    orFault(err({ code: 'fix-transition-not-allowed', message }));
  }
}

/** A request has one live rewrite: the one that went live last. */
async function retireRivals(winner: Fix, fixes: OpenFixes, by: Attribution): Promise<void> {
  const why = `${winner.id} went live for the same request`;
  for (const fix of [...fixes.all()]) {
    const isRival =
      fix.status === 'live' && fix.id !== winner.id && fix.rewrite.fromState === winner.rewrite.fromState;
    if (isRival) orFault(await fixes.change(fix.id, { kind: 'retire', ...by, why }));
  }
}
