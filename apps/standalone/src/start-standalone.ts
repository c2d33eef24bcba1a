import {
  HEED_VERSION,
  openStores,
  openTracing,
  refuseTakenPort,
  startHttpHost,
  type HeedSettings,
  type Say,
} from '@heed/assembly';
import { postgresEventStore } from '@heed/event-store';
import { freshKey, KeyRing, Metrics, openBundleKey, ownerKeyOf, type Log } from '@heed/platform';
import { Projector } from '@heed/projector';
import { join } from 'node:path';
import { removeServiceFile, writeServiceFile } from './service-file.ts';
import { StandaloneModule } from './standalone.module.ts';

export interface RunningStandalone {
  readonly url: string;
  /** Opens everything, as long as this process runs: for whoever owns the folder. Never in a log. */
  readonly ownerKey: string;
  /** Nobody but the owner can do anything until a key is made. */
  readonly awaitsFirstKey: boolean;
  /** This start made the folder's stores: nobody has used them yet. */
  readonly isNewFolder: boolean;
  /** Takes no more requests, finishes what is in hand as far as ten seconds allow, closes the stores. */
  stop(): Promise<void>;
}

/** Opens the stores, starts every process over them and listens. Throws a Fault that says what to do. */
export async function startStandalone(
  settings: HeedSettings,
  log: Log,
  say: Say,
  stopping: AbortSignal,
): Promise<RunningStandalone> {
  // Before anything is made: a start that cannot be leaves an empty folder empty, and its first look to come.
  await refuseTakenPort(settings);
  const { dataDir, findable } = settings;
  const tracing = await openTracing('standalone', settings.tracing, log);
  const stores = await openStores(settings, say, log, tracing);
  try {
    const signer = await openBundleKey(join(dataDir, 'keys'));
    const owner = ownerKeyOf(settings.ownerKey ?? '') ?? freshKey('admin');
    const ring = await KeyRing.open(postgresEventStore(stores.postgres), owner);
    const means = { ring, metrics: new Metrics(), log, tracing, stopping, signer };
    const host = await startHttpHost(
      StandaloneModule.over(settings, stores, means),
      settings,
      means,
      (app) => [app.get(Projector).server],
    );
    const { url, awaitsFirstKey } = host;
    if (findable) {
      writeServiceFile(dataDir, { pid: process.pid, url, version: HEED_VERSION, key: owner.text });
    }
    const { applied, total } = stores.postgres.migrations;
    return {
      url,
      ownerKey: owner.text,
      awaitsFirstKey,
      isNewFolder: applied.length === total,
      stop: async () => {
        removeServiceFile(dataDir);
        await host.stop().finally(() => stores.close());
      },
    };
  } catch (fault) {
    await stores.close();
    throw fault;
  }
}
