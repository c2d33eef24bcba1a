import { join } from 'node:path';
import { z } from 'zod';
import { docker } from './dockerfile.ts';
import { goTool } from './go-tools.ts';
import { output } from './run.ts';

const service = z.looseObject({
  image: z.string(),
  build: z
    .object({ context: z.string(), dockerfile: z.string(), args: z.record(z.string(), z.string()) })
    .optional(),
  command: z.array(z.string()).nullish(),
  environment: z.record(z.string(), z.string().nullable()).nullish().transform(given),
  healthcheck: z.object({ test: z.array(z.string()).min(2) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  ports: z.array(z.object({ host_ip: z.string(), published: z.string(), target: z.number() })).default([]),
  volumes: z
    .array(
      z.object({
        type: z.enum(['bind', 'volume']),
        source: z.string(),
        target: z.string(),
        read_only: z.boolean().default(false),
      }),
    )
    .default([]),
  deploy: z.object({ replicas: z.number() }).optional(),
  user: z.string().optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
});
export type Service = z.infer<typeof service>;

const project = z.object({ name: z.string(), services: z.record(z.string(), service) });
export type Project = z.infer<typeof project>;

/** A variable that is named without a value is this machine's; the container has it where this machine has it. */
function given(
  environment: Readonly<Record<string, string | null>> | null | undefined,
): Record<string, string> {
  const pairs = Object.entries(environment ?? {});
  return Object.fromEntries(pairs.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

/** A compose file as `docker compose config` would give it, by the same code; throws where that would refuse it. */
export async function readCompose(
  file: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Project> {
  const args = [join(docker, file)];
  return project.parse(JSON.parse(await output(await goTool('compose'), args, { cwd: docker, env })));
}
