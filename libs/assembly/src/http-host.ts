import {
  closeWithin,
  faultFields,
  guardEdge,
  httpAdapter,
  KEY_SCHEME,
  measureRequests,
  nestLogger,
  ProblemFilter,
  Readiness,
  systemClock,
  traceRequests,
} from '@heed/platform';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomStrategy, CustomTransportStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { AppMeans } from './app-means.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { bind, isLoopback } from './listening-address.ts';
import type { HeedSettings } from './settings.ts';
import { HEED_VERSION } from './version.ts';

/** Requests in flight have this long to be finished when the service stops. */
const GRACE_MS = 10_000;

/** A key that another process on the same database made or revoked counts here after this long. */
const READ_KEYS_EVERY_MS = 1000;
/** A reading of keys under way when the service stops has this long. */
const END_READING_MS = 2_000;

export interface HttpHost {
  readonly url: string;
  /** Nobody but the owner can do anything until a key is made. */
  readonly awaitsFirstKey: boolean;
  /** Takes no more requests, finishes what is in hand as far as ten seconds allow. */
  stop(): Promise<void>;
}

/**
 * Serves a module over HTTP behind the keys: bound, described under /docs, ready. Needs the module to import HealthModule.
 *
 * @param transports what else brings it work, as microservices of Nest: the event log to a projector
 */
export async function startHttpHost(
  module: DynamicModule,
  settings: HeedSettings,
  means: AppMeans,
  transports: (app: INestApplicationContext) => readonly CustomTransportStrategy[] = () => [],
): Promise<HttpHost> {
  const app = await createApp(module, settings, means);
  app.useGlobalFilters(new ProblemFilter(means.log));
  describeApi(app);
  const url = await bind(app, settings);
  for (const strategy of transports(app)) app.connectMicroservice<CustomStrategy>({ strategy });
  await app.startAllMicroservices();
  const stopReadingKeys = readKeys(means);
  const readiness = app.get(Readiness);
  readiness.set(true);
  return {
    url,
    awaitsFirstKey: !isLoopback(settings.host) && !means.ring.hasKeys,
    stop: async () => {
      readiness.set(false);
      try {
        await closeWithin(GRACE_MS, app.getHttpServer(), () => app.close());
      } finally {
        await stopReadingKeys();
        await means.tracing.close();
      }
    },
  };
}

function createApp(
  module: DynamicModule,
  { host, ingest, keys }: HeedSettings,
  { ring, metrics, log, tracing }: AppMeans,
): Promise<NestFastifyApplication> {
  const adapter = httpAdapter(ingest.maxBodyBytes);
  measureRequests(adapter, metrics);
  traceRequests(adapter, tracing);
  guardEdge(adapter, {
    ring,
    clock: systemClock,
    alwaysNeedsKey: !isLoopback(host),
    requestsPerSecond: keys.requestsPerSecond,
  });
  return NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: nestLogger(log),
    abortOnError: false,
  });
}

function readKeys({ ring, log }: AppMeans): () => Promise<void> {
  const stopping = new AbortController();
  const reading = ring.keepReading(READ_KEYS_EVERY_MS, stopping.signal, (fault) => {
    log.warn('keys-not-read', faultFields(fault));
  });
  return () => {
    stopping.abort();
    // A database that is silent in the middle of a reading keeps nobody.
    return Promise.race([reading, delay(END_READING_MS, undefined, { ref: false })]);
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
