import 'reflect-metadata';
import { postgresEventStore } from '@heed/event-store';
import { httpAdapter, jsonLog, KeyRing, Metrics, nestLogger, openBundleKey } from '@heed/platform';
import { NO_TRACING } from '@heed/telemetry';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { heedSettings, openStores, type Stores } from '@heed/assembly';
import { StandaloneModule } from './standalone.module.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'heed-routes-'));
const routes: { readonly name: string; readonly leastRole: string | undefined }[] = [];
let app: NestFastifyApplication;
let stores: Stores;

beforeAll(async () => {
  const settings = heedSettings.parse({ dataDir });
  stores = await openStores(settings, () => undefined);
  const [signer, ring] = await Promise.all([
    openBundleKey(join(dataDir, 'keys')),
    KeyRing.open(postgresEventStore(stores.postgres)),
  ]);
  const log = jsonLog('silent', () => undefined);
  const adapter = httpAdapter(settings.ingest.maxBodyBytes);
  adapter.getInstance().addHook('onRoute', ({ method, url, config }) => {
    routes.push({ name: `${String(method)} ${url}`, leastRole: config?.leastRole });
  });
  app = await NestFactory.create<NestFastifyApplication>(
    StandaloneModule.over(settings, stores, {
      signer,
      ring,
      metrics: new Metrics(),
      log,
      tracing: NO_TRACING,
      stopping: new AbortController().signal,
    }),
    adapter,
    { bodyParser: false, logger: nestLogger(log), abortOnError: false },
  );
  await app.init();
});
afterAll(async () => {
  await app.close();
  await stores.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it('every route of the running application says who may use it, also those that no document shows', () => {
  expect(routes.length).toBeGreaterThan(15);
  expect(routes.filter(({ leastRole }) => leastRole === undefined).map(({ name }) => name)).toEqual([]);
});
