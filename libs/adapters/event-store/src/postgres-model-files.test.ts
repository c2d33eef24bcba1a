import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { modelFilesContract } from '@heed/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { postgresModelFiles } from './postgres-model-files.ts';

let postgres: EmbeddedPostgres;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'heed-model-files-'));
  postgres = await openEmbeddedPostgres({ dataDir });
});
afterAll(async () => {
  await postgres.close();
  await rm(dataDir, { recursive: true });
});

modelFilesContract('PostgreSQL', () => Promise.resolve(postgresModelFiles(postgres)));
