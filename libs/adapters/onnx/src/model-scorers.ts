import { Fault, type TenantId } from '@heed/kernel';
import type { ModelScorers } from '@heed/rewards';
import { checkedModel } from './model-file.ts';
import { RewardScorer, type ScorerOptions } from './reward-scorer.ts';

/** Models that stay loaded, some ten megabytes each. */
const MOST_LOADED = 16;

/**
 * Loads models as they are asked for, each once, and lets the one go that nobody asked for the longest. Closing waits for what is under way; afterwards
 * whoever asks is refused with Fault `shutting-down`.
 *
 * @param read the file of a version; throws a Fault when it cannot be had
 */
export function modelScorers(
  read: (tenant: TenantId, version: string) => Promise<Uint8Array>,
  options: ScorerOptions = {},
  mostLoaded = MOST_LOADED,
): ModelScorers & { close(): Promise<void> } {
  const loaded = new Map<string, Promise<RewardScorer>>();
  let closed = false;

  const load = async (tenant: TenantId, version: string): Promise<RewardScorer> => {
    const name = `The model ${version.slice(0, 16)}`;
    return RewardScorer.of(checkedModel(await read(tenant, version), name), name, options);
  };
  const scorerOf = (tenant: TenantId, version: string): Promise<RewardScorer> => {
    const key = `${tenant}/${version}`;
    const scorer = loaded.get(key) ?? load(tenant, version);
    // The one asked for last stands last.
    loaded.delete(key);
    loaded.set(key, scorer);
    // What cannot be loaded now is tried again when it is asked for again.
    scorer.catch(() => loaded.get(key) === scorer && loaded.delete(key));
    for (const [oldest, its] of loaded) {
      if (loaded.size <= mostLoaded) break;
      loaded.delete(oldest);
      void close(its);
    }
    return scorer;
  };

  return {
    // Registered in the same step as it is looked up: a close that comes later waits for it.
    score: (tenant, version, turns) =>
      closed ? Promise.reject(ending()) : scorerOf(tenant, version).then((scorer) => scorer.score(turns)),
    async close() {
      closed = true;
      const all = [...loaded.values()];
      loaded.clear();
      await Promise.all(all.map(close));
    },
  };
}

function ending(): Fault {
  return new Fault('shutting-down', 'Heed is shutting down, and scores nothing more.', 'Run it again.');
}

async function close(scorer: Promise<RewardScorer>): Promise<void> {
  await scorer.then(
    (one) => one.close(),
    () => undefined,
  );
}
