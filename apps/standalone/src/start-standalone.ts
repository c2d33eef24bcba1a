import { Fault } from '@heed/kernel';
import {
  closeWithin,
  httpAdapter,
  nestLogger,
  openBundleKey,
  ProblemFilter,
  Readiness,
  type Log,
} from '@heed/platform';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { openStores, type Stores } from './open-stores.ts';
import { removeServiceFile, writeServiceFile } from './service-file.ts';
import type { StandaloneSettings } from './settings.ts';
import { StandaloneModule } from './standalone.module.ts';
import { HEED_VERSION } from './version.ts';

/** Requests in flight have this long to be finished when the service stops. */
const GRACE_MS = 10_000;

export interface RunningStandalone {
  readonly url: string;
  /** This start made the folder's stores: nobody has used them yet. */
  readonly isNewFolder: boolean;
  /** Takes no more requests, finishes what is in hand as far as ten seconds allow, closes the stores. */
  stop(): Promise<void>;
}

/** Opens the stores, starts every process over them and listens on 127.0.0.1. Throws a Fault that says what to do. */
export async function startStandalone(
  settings: StandaloneSettings,
  log: Log,
  say: (sentence: string) => void,
): Promise<RunningStandalone> {
  // Before anything is made: a start that cannot be leaves an empty folder empty, and its first look to come.
  await refuseTakenPort(settings.port);
  const stores = await openStores(settings, say);
  try {
    const signer = await openBundleKey(join(settings.dataDir, 'keys'));
    const app = await NestFactory.create<NestFastifyApplication>(
      StandaloneModule.over(settings, stores, signer, log),
      httpAdapter(settings.ingest.maxBodyBytes),
      { bodyParser: false, logger: nestLogger(log), abortOnError: false },
    );
    return await listen(app, settings, stores, log);
  } catch (fault) {
    await stores.close();
    throw fault;
  }
}

async function listen(
  app: NestFastifyApplication,
  settings: StandaloneSettings,
  stores: Stores,
  log: Log,
): Promise<RunningStandalone> {
  app.useGlobalFilters(new ProblemFilter(log));
  describeApi(app);
  await bind(app, settings.port);
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  const readiness = app.get(Readiness);
  readiness.set(true);
  if (settings.findable) writeServiceFile(settings.dataDir, { pid: process.pid, url, version: HEED_VERSION });
  const { applied, total } = stores.postgres.migrations;
  return {
    url,
    isNewFolder: applied.length === total,
    stop: async () => {
      readiness.set(false);
      removeServiceFile(settings.dataDir);
      try {
        await closeWithin(GRACE_MS, app.getHttpServer(), () => app.close());
      } finally {
        await stores.close();
      }
    },
  };
}

async function bind(app: NestFastifyApplication, port: number): Promise<void> {
  try {
    await app.listen(port, '127.0.0.1');
  } catch (cause) {
    await app.close();
    throw portFault(port, cause) ?? cause;
  }
}

async function refuseTakenPort(port: number): Promise<void> {
  const probe = createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch (cause) {
    throw portFault(port, cause) ?? cause;
  }
  probe.close();
  await once(probe, 'close');
}

function portFault(port: number, cause: unknown): Fault | undefined {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    return new Fault(
      'port-in-use',
      `Port ${port} on 127.0.0.1 is taken by another program.`,
      'Take another one with --port N (0 finds a free one), or stop that program.',
      { cause },
    );
  }
  if (code !== 'EACCES') return undefined;
  return new Fault(
    'port-forbidden',
    `Port ${port} may not be opened by this user.`,
    'Take one above 1023 with --port N.',
    { cause },
  );
}

function describeApi(app: NestFastifyApplication): void {
  const document = new DocumentBuilder()
    .setTitle('Heed')
    .setDescription(
      'Events in, sessions and labels derived, rewrites mined, fixes moved, a signed bundle out.',
    )
    .setVersion(HEED_VERSION)
    .addGlobalParameters({
      name: 'heed-tenant',
      in: 'header',
      required: false,
      schema: { type: 'string', default: 'default' },
    })
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, document));
}
