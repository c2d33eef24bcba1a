import type { FixId, TenantId } from '@heed/kernel';
import type { Attribution, Fix, StaleFixes } from '@heed/policies';
import { Inject, Injectable } from '@nestjs/common';
import { FixRegister } from '../fix-register/fix-register.ts';
import { orFault } from '../fix-register/fix-refused.ts';
import { OneAtATime } from '../fix-register/one-at-a-time.ts';

/** What is served stays as it is: a person decides, and the next mining says what is left of the evidence. */
@Injectable()
export class MarkFixesStale implements StaleFixes {
  readonly #fixes: FixRegister;
  readonly #turns: OneAtATime;

  constructor(@Inject(FixRegister) fixes: FixRegister, @Inject(OneAtATime) turns: OneAtATime) {
    this.#fixes = fixes;
    this.#turns = turns;
  }

  async all(tenant: TenantId): Promise<readonly Fix[]> {
    return [...(await this.#fixes.open(tenant)).all()];
  }

  markStale(tenant: TenantId, ids: readonly FixId[], by: Attribution): Promise<readonly FixId[]> {
    return this.#turns.run(tenant, async () => {
      const fixes = await this.#fixes.open(tenant);
      const marked: FixId[] = [];
      for (const id of ids) {
        // A tenant that was removed meanwhile has none.
        if (fixes.find(id) === undefined) continue;
        const { stale } = orFault(await fixes.change(id, { kind: 'mark-stale', ...by }));
        if (stale !== null) marked.push(id);
      }
      return marked;
    });
  }
}
