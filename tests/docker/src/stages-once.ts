import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the stages of docker/Dockerfile stand that any test has built: each is built once. */
    stages: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'heed-docker-stages-'));
  await chmod(folder, 0o755);
  project.provide('stages', folder);
  return () => rm(folder, { recursive: true, force: true });
}
