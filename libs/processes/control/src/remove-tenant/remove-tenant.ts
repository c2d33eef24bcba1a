import type { TenantId } from '@heed/kernel';
import type { Attribution } from '@heed/policies';
import { Inject, Injectable } from '@nestjs/common';
import { FixRegister } from '../fix-register/fix-register.ts';
import { orFault } from '../fix-register/fix-refused.ts';
import { OneAtATime } from '../fix-register/one-at-a-time.ts';
import { BundlePublisher } from '../publish-bundle/bundle-publisher.ts';

/** Takes all of a tenant's fixes off the runtime and out of the lists. The record of what was decided stays. */
@Injectable()
export class RemoveTenant {
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

  /** May be repeated; a tenant without fixes is none the worse for it. */
  remove(tenant: TenantId, by: Attribution): Promise<void> {
    return this.#turns.run(tenant, async () => {
      const fixes = await this.#fixes.open(tenant);
      const known = [...fixes.all()];
      for (const { id, status } of known) {
        if (status === 'live' || status === 'canary')
          orFault(await fixes.change(id, { kind: 'retire', ...by }));
      }
      if (known.length > 0) await this.#fixes.remove(tenant, by);
      await this.#publisher.publish(tenant);
    });
  }
}
