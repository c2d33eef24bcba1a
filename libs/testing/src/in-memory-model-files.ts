import type { TenantId } from '@heed/kernel';
import type { ModelCard, ModelFiles } from '@heed/rewards';

interface Kept {
  readonly cards: Map<string, ModelCard>;
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
}

/** Models by tenant. */
export function inMemoryModelFiles(): ModelFiles {
  const all = new Map<TenantId, Kept>();
  return {
    keep: (tenant, { card, file }) => {
      const kept = all.get(tenant) ?? { cards: new Map(), files: new Map() };
      all.set(tenant, kept);
      kept.files.set(card.file.sha256, Uint8Array.from(file));
      if (!kept.cards.has(card.model)) kept.cards.set(card.model, card);
      return Promise.resolve();
    },
    card: (tenant, model) => Promise.resolve(all.get(tenant)?.cards.get(model) ?? null),
    file: (tenant, sha256) => Promise.resolve(all.get(tenant)?.files.get(sha256) ?? null),
    renew: (tenant, card) => {
      all.get(tenant)?.cards.set(card.model, card);
      return Promise.resolve();
    },
    drop: (tenant, { model, file: { sha256 } }) => {
      const kept = all.get(tenant);
      kept?.cards.delete(model);
      if (![...(kept?.cards.values() ?? [])].some(({ file }) => file.sha256 === sha256))
        kept?.files.delete(sha256);
      return Promise.resolve();
    },
    remove: (tenant) => {
      all.delete(tenant);
      return Promise.resolve();
    },
  };
}
