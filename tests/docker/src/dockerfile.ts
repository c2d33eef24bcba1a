import { join } from 'node:path';
import { z } from 'zod';
import { goTool } from './go-tools.ts';
import { output } from './run.ts';

export const root = join(import.meta.dirname, '../../..');
export const docker = join(root, 'docker');

export const APPS = ['standalone', 'collector', 'projector', 'learner', 'control', 'heed'] as const;
export type App = (typeof APPS)[number];

const step = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('workdir'), path: z.string() }),
  z.object({ kind: z.literal('run'), run: z.string() }),
  z.object({ kind: z.literal('env'), env: z.record(z.string(), z.string()) }),
  z.object({
    kind: z.literal('copy'),
    from: z.string().default(''),
    sources: z.array(z.string()),
    path: z.string(),
    owner: z.string().default(''),
  }),
]);
export type Step = z.infer<typeof step>;

const stage = z.object({ name: z.string(), base: z.string(), steps: z.array(step) });
export type Stage = z.infer<typeof stage>;

const image = z.object({
  User: z.string(),
  Env: z.array(z.string()),
  Entrypoint: z.array(z.string()).min(1),
  Cmd: z.array(z.string()).nullish(),
  WorkingDir: z.string(),
  StopSignal: z.string().optional(),
  ExposedPorts: z.record(z.string(), z.unknown()).optional(),
  Volumes: z.record(z.string(), z.unknown()).nullish(),
  Healthcheck: z.object({ Test: z.array(z.string()) }).optional(),
});

const dockerfile = z.object({
  /** What `docker build --check` says. */
  complaints: z.array(z.string()),
  /** The files that are sent to the build, by their place in the repository. */
  context: z.array(z.string()).min(1),
  stages: z.array(stage),
  image,
});
export type Dockerfile = z.infer<typeof dockerfile>;

/** docker/Dockerfile as Docker's own code reads it for an app. */
export async function readDockerfile(app: App): Promise<Dockerfile> {
  const read = await goTool('dockerfile');
  return dockerfile.parse(JSON.parse(await output(read, [join(docker, 'Dockerfile'), root, app])));
}
