import type { TenantId } from '@heed/kernel';
import { KEY_RING, MODEL_FILES, type KeyRing } from '@heed/platform';
import type { Attribution } from '@heed/policies';
import type { ModelFiles } from '@heed/rewards';
import { Inject, Injectable } from '@nestjs/common';
import { FixRegister } from '../fix-register/fix-register.ts';
import { orFault } from '../fix-register/fix-refused.ts';
import { OneAtATime } from '../fix-register/one-at-a-time.ts';
import { ChangeKey } from '../keys/change-key.ts';
import { BundlePublisher } from '../publish-bundle/bundle-publisher.ts';

/** Takes back a tenant's keys, and all of its fixes and reward models off the runtime and out of the lists, the models' files with their cards too. The record of what was decided stays. */
@Injectable()
export class RemoveTenant {
  readonly #fixes: FixRegister;
  readonly #publisher: BundlePublisher;
  readonly #turns: OneAtATime;
  readonly #keys: ChangeKey;
  readonly #ring: KeyRing;
  readonly #files: ModelFiles;

  constructor(
    @Inject(FixRegister) fixes: FixRegister,
    @Inject(BundlePublisher) publisher: BundlePublisher,
    @Inject(OneAtATime) turns: OneAtATime,
    @Inject(ChangeKey) keys: ChangeKey,
    @Inject(KEY_RING) ring: KeyRing,
    @Inject(MODEL_FILES) files: ModelFiles,
  ) {
    this.#fixes = fixes;
    this.#publisher = publisher;
    this.#turns = turns;
    this.#keys = keys;
    this.#ring = ring;
    this.#files = files;
  }

  /** May be repeated; a tenant without any is none the worse for it. */
  remove(tenant: TenantId, by: Attribution): Promise<void> {
    return this.#turns.run(tenant, async () => {
      await this.#revokeKeys(tenant, by);
      const fixes = await this.#fixes.open(tenant);
      for (const { id, status } of fixes.all()) {
        if (status === 'live' || status === 'canary')
          orFault(await fixes.change(id, { kind: 'retire', ...by }));
      }
      // Though there be nothing: a training that goes on meanwhile must find that it is about a tenant that was removed.
      await this.#fixes.remove(tenant, by);
      await this.#files.remove(tenant);
      await this.#publisher.publish(tenant);
    });
  }

  /** First of all: nothing of the tenant comes in any more, from here on. */
  async #revokeKeys(tenant: TenantId, by: Attribution): Promise<void> {
    await this.#ring.refresh();
    const own = [...this.#ring.all()].filter((key) => key.tenant === tenant && key.status === 'active');
    for (const { id } of own) await this.#keys.change(id, { kind: 'revoke', ...by });
  }
}
