import { Fault, type TenantId } from '@heed/kernel';
import { BUNDLE_SIGNER, BUNDLE_STORE } from '@heed/platform';
import {
  bundleContentOf,
  bundleEvaluator,
  bundleText,
  loadBundle,
  signBundle,
  type BundleEvaluator,
  type BundleSigner,
  type BundleStore,
  type SignedBundle,
} from '@heed/policies';
import { Inject, Injectable } from '@nestjs/common';
import { FixRegister } from '../fix-register/fix-register.ts';
import { MostRecent, TENANTS_HELD } from '../most-recent.ts';

export interface CurrentBundle {
  readonly signed: SignedBundle;
  readonly evaluator: BundleEvaluator;
}

const ATTEMPTS = 5;

/**
 * Makes and keeps each tenant's current bundle. What this process publishes it serves from the next decision on; a decision
 * touches no store.
 */
@Injectable()
export class BundlePublisher {
  readonly #fixes: FixRegister;
  readonly #store: BundleStore;
  readonly #signer: BundleSigner;
  readonly #current = new MostRecent<TenantId, CurrentBundle>(TENANTS_HELD);
  readonly #asked = new MostRecent<TenantId, true>(TENANTS_HELD);

  constructor(
    @Inject(FixRegister) fixes: FixRegister,
    @Inject(BUNDLE_STORE) store: BundleStore,
    @Inject(BUNDLE_SIGNER) signer: BundleSigner,
  ) {
    this.#fixes = fixes;
    this.#store = store;
    this.#signer = signer;
  }

  /**
   * The bundle to answer from. The first call for a tenant publishes what a crash between a decision and its publication, or
   * a new signing key, left unpublished.
   */
  async current(tenant: TenantId): Promise<CurrentBundle> {
    return this.#current.get(tenant) ?? (await this.publish(tenant));
  }

  /** Those of whom a bundle was asked for, as far as they are held. */
  tenants(): Iterable<TenantId> {
    return [...this.#asked.names()];
  }

  /**
   * Publishes what is live and in canary now, as the next version; nothing when that is what the current bundle says. A tenant
   * that never had a fix live has version 0: empty, signed, and not stored. Until it resolves, and when it fails, what was
   * served before is served.
   */
  async publish(tenant: TenantId): Promise<CurrentBundle> {
    this.#asked.set(tenant, true);
    const published = await this.#publish(tenant);
    const served = this.#current.get(tenant);
    if (served === undefined || published.signed.version >= served.signed.version) {
      this.#current.set(tenant, published);
    }
    return published;
  }

  async #publish(tenant: TenantId): Promise<CurrentBundle> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const content = bundleContentOf(tenant, (await this.#fixes.open(tenant)).all());
      const text = bundleText(content);
      const newest = await this.#store.current(tenant);
      if (newest?.content === text) {
        const loaded = await loadBundle(newest, tenant, this.#signer);
        if (loaded.ok) return { signed: newest, evaluator: loaded.value };
      }
      const isFirst = newest === null && content.rewrites.length === 0;
      const signed = await signBundle(tenant, text, isFirst ? 0 : (newest?.version ?? 0) + 1, this.#signer);
      if (isFirst || (await this.#keep(tenant, signed)))
        return { signed, evaluator: bundleEvaluator(content, signed) };
    }
    throw new Fault(
      'wrong-version',
      `Others publish bundles of tenant ${tenant} at the same time.`,
      'Try again.',
    );
  }

  /** False when another process published that version first. */
  async #keep(tenant: TenantId, signed: SignedBundle): Promise<boolean> {
    try {
      await this.#store.publish(tenant, signed);
      return true;
    } catch (thrown) {
      if (thrown instanceof Fault && thrown.code === 'bundle-version-taken') return false;
      throw thrown;
    }
  }
}
