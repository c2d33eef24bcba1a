import { postgresEventStore } from '@heed/event-store';
import { Fault } from '@heed/kernel';
import { jsonLog, KeyRing, Metrics, ownerKeyOf, type Log } from '@heed/platform';
import { openPostgres, type Postgres } from '@heed/postgres';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import type { AppMeans } from './app-means.ts';
import { startHttpHost } from './http-host.ts';
import { refuseTakenPort } from './listening-address.ts';
import { openTracing } from './open-tracing.ts';
import { OpenedStores } from './opened-stores.ts';
import { runProcess, runUntilTold, say } from './run-process.ts';
import { readSettings, type ServerSettings } from './settings.ts';
import { tellApplied } from './tell-applied.ts';

/** Nothing of its own is half made when an app is cut off in its start: what it begins on servers ends as if it had been killed. */
const START_WITHIN_MS = 10_000;

/** What an app is given to be put together from. */
export interface AppParts<Settings> {
  readonly settings: Settings;
  readonly postgres: Postgres;
  readonly means: AppMeans;
  /** Whatever the app opens is to be kept here, so that it is closed in the end, the last one first. */
  readonly opened: OpenedStores;
}

export interface Assembled {
  readonly module: DynamicModule;
  /** What else brings it work, beside HTTP. */
  readonly transports?: (app: INestApplicationContext) => readonly CustomTransportStrategy[];
}

/** One process of Heed that runs alone, on servers. */
export interface App<Settings extends ServerSettings> {
  readonly name: 'collector' | 'projector' | 'learner' | 'control';
  /** Where it listens unless it is told otherwise. */
  readonly port: number;
  readonly settings: z.ZodType<Settings>;
  readonly assemble: (parts: AppParts<Settings>) => Promise<Assembled>;
}

/** The whole main program of an app: from settings to the end by a signal. */
export function runApp<Settings extends ServerSettings>(app: App<Settings>): Promise<void> {
  return runProcess(async () => {
    const { host, port, json } = readArguments(app);
    const settings = readSettings(app.settings, process.env, { host, port }, { port: app.port });
    const log = jsonLog(settings.logLevel, (line) => process.stderr.write(line));
    const { started } = runUntilTold((stopping) => start(app, settings, log, stopping), {
      log,
      lastWords: `Heed ${app.name} has stopped; everything accepted is durable.`,
      startWithinMs: START_WITHIN_MS,
    });
    const { url, awaitsFirstKey } = await started;
    const readyMs = Math.round(performance.now());
    process.stdout.write(
      json
        ? `${JSON.stringify({ app: app.name, url, readyMs })}\n`
        : `Heed ${app.name} is ready at ${url} (${String(readyMs)} ms)\n`,
    );
    if (awaitsFirstKey && settings.ownerKey === undefined) {
      say(
        `heed: Others reach ${settings.host}, so every request needs a key, and there is none yet. Start control with HEED_OWNER_KEY, and make the first ` +
          'with it:\n      HEED_KEY=$HEED_OWNER_KEY heed keys create admin --all-tenants --url URL-OF-CONTROL',
      );
    }
  });
}

async function start<Settings extends ServerSettings>(
  app: App<Settings>,
  settings: Settings,
  log: Log,
  stopping: AbortSignal,
) {
  await refuseTakenPort(settings);
  const opened = new OpenedStores();
  try {
    const postgres = opened.keep(await openPostgres({ url: settings.databaseUrl }));
    tellApplied('PostgreSQL', postgres.migrations.applied, say);
    const owner = ownerKeyOf(settings.ownerKey ?? '') ?? undefined;
    const ring = await KeyRing.open(postgresEventStore(postgres), owner);
    const tracing = await openTracing(app.name, settings.tracing, log);
    const means = { ring, metrics: new Metrics(), log, tracing, stopping };
    const { module, transports } = await app.assemble({ settings, postgres, means, opened });
    const host = await startHttpHost(module, settings, means, transports);
    return { ...host, stop: () => host.stop().finally(() => opened.close()) };
  } catch (fault) {
    await opened.close();
    throw fault;
  }
}

function readArguments({ name }: { readonly name: string }) {
  try {
    const options = {
      host: { type: 'string' },
      port: { type: 'string' },
      json: { type: 'boolean' },
    } as const;
    return parseArgs({ args: process.argv.slice(2), options }).values;
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('wrong-usage', problem, `node dist/${name}.js [--host IP] [--port N] [--json]`, {
      cause,
    });
  }
}
