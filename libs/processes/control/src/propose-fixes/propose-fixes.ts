import type { FixId, TenantId } from '@heed/kernel';
import type { RewriteProposal } from '@heed/mining';
import {
  fixIdOf,
  type Attribution,
  type Fix,
  type FixProposals,
  type FixStatus,
  type Rewrite,
} from '@heed/policies';
import { Inject, Injectable } from '@nestjs/common';
import { FixRegister, type OpenFixes } from '../fix-register/fix-register.ts';
import { orFault } from '../fix-register/fix-refused.ts';
import { OneAtATime } from '../fix-register/one-at-a-time.ts';
import { BundlePublisher } from '../publish-bundle/bundle-publisher.ts';

/** Proposals appended at the same time: enough to keep the store busy, few enough to leave it to others. */
const AT_ONCE = 8;

/** As much of a `BundlePublisher` as switching a fix off needs. */
export interface Publishes {
  publish(tenant: TenantId): Promise<unknown>;
}

/** The learner's door to the fixes. Proposing never changes what is served. */
@Injectable()
export class ProposeFixes implements FixProposals {
  readonly #fixes: FixRegister;
  readonly #publisher: Publishes;
  readonly #turns: OneAtATime;

  constructor(
    @Inject(FixRegister) fixes: FixRegister,
    @Inject(BundlePublisher) publisher: Publishes,
    @Inject(OneAtATime) turns: OneAtATime,
  ) {
    this.#fixes = fixes;
    this.#publisher = publisher;
    this.#turns = turns;
  }

  async notToPropose(tenant: TenantId): Promise<readonly Rewrite[]> {
    const fixes = [...(await this.#fixes.open(tenant)).all()];
    return fixes
      .filter(({ status }) => status === 'blocked' || status === 'retired')
      .map(({ rewrite }) => rewrite);
  }

  async served(tenant: TenantId): Promise<readonly Fix[]> {
    return [...(await this.#fixes.open(tenant)).all()].filter(isServed);
  }

  /** A pair that a person blocked or took back, and that was proposed all the same, stays and says so by its status. */
  async propose(
    tenant: TenantId,
    proposals: readonly RewriteProposal[],
    by: Attribution,
  ): Promise<readonly { readonly id: FixId; readonly status: FixStatus }[]> {
    const fixes = await this.#fixes.open(tenant);
    const answers: { readonly id: FixId; readonly status: FixStatus }[] = [];
    for (let first = 0; first < proposals.length; first += AT_ONCE) {
      const some = proposals.slice(first, first + AT_ONCE);
      answers.push(...(await Promise.all(some.map((proposal) => proposeOne(tenant, proposal, by, fixes)))));
    }
    return answers;
  }

  async switchOff(tenant: TenantId, id: FixId, by: Attribution): Promise<void> {
    await this.#turns.run(tenant, async () => {
      const fixes = await this.#fixes.open(tenant);
      orFault(await fixes.change(id, { kind: 'retire', ...by }));
      await this.#publisher.publish(tenant);
    });
  }
}

async function proposeOne(
  tenant: TenantId,
  { fromState, toState, from, to, evidence }: RewriteProposal,
  { atMs, who, why }: Attribution,
  fixes: OpenFixes,
): Promise<{ readonly id: FixId; readonly status: FixStatus }> {
  const id = fixIdOf(tenant, fromState, toState);
  const rewrite = { fromState, toState, from, to };
  const proposed = await fixes.change(id, { kind: 'propose', id, tenant, rewrite, evidence, atMs, who, why });
  if (proposed.ok) return { id, status: proposed.value.status };
  const kept = fixes.find(id);
  return { id, status: kept === undefined ? orFault(proposed) : kept.status };
}

function isServed({ status }: Fix): boolean {
  return status === 'live' || status === 'canary';
}
