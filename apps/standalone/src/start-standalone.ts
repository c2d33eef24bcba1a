import { postgresEventStore } from '@heed/event-store';
import {
  closeWithin,
  faultFields,
  freshKey,
  guardEdge,
  httpAdapter,
  KEY_SCHEME,
  KeyRing,
  measureRequests,
  Metrics,
  nestLogger,
  openBundleKey,
  ProblemFilter,
  Readiness,
  systemClock,
  type Log,
} from '@heed/platform';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { join } from 'node:path';
import { bind, isLoopback, refuseTakenPort } from './listening-address.ts';
import { openStores, type Stores } from './open-stores.ts';
import { removeServiceFile, writeServiceFile } from './service-file.ts';
import type { StandaloneSettings } from './settings.ts';
import { StandaloneModule } from './standalone.module.ts';
import { HEED_VERSION } from './version.ts';

/** Requests in flight have this long to be finished when the service stops. */
const GRACE_MS = 10_000;

/** A key that another process on the same database made or revoked counts here after this long. */
const READ_KEYS_EVERY_MS = 1000;

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
  settings: StandaloneSettings,
  log: Log,
  say: (sentence: string) => void,
): Promise<RunningStandalone> {
  // Before anything is made: a start that cannot be leaves an empty folder empty, and its first look to come.
  await refuseTakenPort(settings);
  const stores = await openStores(settings, say);
  try {
    const signer = await openBundleKey(join(settings.dataDir, 'keys'));
    const owner = freshKey('admin');
    const ring = await KeyRing.open(postgresEventStore(stores.postgres), owner);
    const adapter = httpAdapter(settings.ingest.maxBodyBytes);
    const metrics = new Metrics();
    measureRequests(adapter, metrics);
    guardEdge(adapter, {
      ring,
      clock: systemClock,
      alwaysNeedsKey: !isLoopback(settings.host),
      requestsPerSecond: settings.keys.requestsPerSecond,
    });
    const app = await NestFactory.create<NestFastifyApplication>(
      StandaloneModule.over(settings, stores, { signer, ring, metrics, log }),
      adapter,
      { bodyParser: false, logger: nestLogger(log), abortOnError: false },
    );
    return await listen(app, settings, stores, { ring, ownerKey: owner.text }, log);
  } catch (fault) {
    await stores.close();
    throw fault;
  }
}

async function listen(
  app: NestFastifyApplication,
  settings: StandaloneSettings,
  stores: Stores,
  { ring, ownerKey }: { readonly ring: KeyRing; readonly ownerKey: string },
  log: Log,
): Promise<RunningStandalone> {
  app.useGlobalFilters(new ProblemFilter(log));
  describeApi(app);
  const url = await bind(app, settings);
  const stopReadingKeys = new AbortController();
  const readingKeys = ring.keepReading(READ_KEYS_EVERY_MS, stopReadingKeys.signal, (fault) => {
    log.warn('keys-not-read', faultFields(fault));
  });
  const readiness = app.get(Readiness);
  readiness.set(true);
  if (settings.findable) {
    writeServiceFile(settings.dataDir, { pid: process.pid, url, version: HEED_VERSION, key: ownerKey });
  }
  const { applied, total } = stores.postgres.migrations;
  return {
    url,
    ownerKey,
    awaitsFirstKey: !isLoopback(settings.host) && !ring.hasKeys,
    isNewFolder: applied.length === total,
    stop: async () => {
      readiness.set(false);
      removeServiceFile(settings.dataDir);
      try {
        await closeWithin(GRACE_MS, app.getHttpServer(), () => app.close());
      } finally {
        stopReadingKeys.abort();
        await readingKeys;
        await stores.close();
      }
    },
  };
}

function describeApi(app: NestFastifyApplication): void {
  const document = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Heed')
    .setDescription(
      'Events in, sessions and labels derived, rewrites mined, fixes moved, a signed bundle out.',
    )
    .setVersion(HEED_VERSION)
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'docs/keys.md' }, KEY_SCHEME)
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, document));
}
