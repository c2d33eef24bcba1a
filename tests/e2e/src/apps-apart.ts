import { createServer, request, type Server } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { startProgram, type Service } from './run-heed.ts';

type Role = 'collector' | 'projector' | 'learner' | 'control';

export interface AppsApart {
  readonly collector: Service;
  readonly projectors: readonly Service[];
  readonly learner: Service;
  readonly control: Service;
  /** One address for all of them, as a gateway gives. */
  readonly url: string;
  startProjector(): Promise<Service>;
  /** Everything that still runs, by SIGTERM; the exit codes. */
  stop(): Promise<readonly (number | null)[]>;
}

/** The four apps as processes of their own on the same servers, `projectors` of them sharing the log, behind one address. */
export async function startAppsApart(
  folder: string,
  servers: Readonly<Record<string, string>>,
  projectors: number,
): Promise<AppsApart> {
  const running: Service[] = [];
  const start = async (role: Role): Promise<Service> => {
    const settings = role === 'control' ? { ...servers, HEED_DATA: join(folder, 'control') } : servers;
    const service = await startProgram(role, [], settings);
    running.push(service);
    return service;
  };
  // All at once, in no order: each finds or waits for what it needs.
  const [collector, learner, control, ...readers] = await Promise.all([
    start('collector'),
    start('learner'),
    start('control'),
    ...Array.from({ length: projectors }, () => start('projector')),
  ]);
  const gateway = gatewayTo({ collector, learner, control });
  await once(gateway.listen(0, '127.0.0.1'), 'listening');
  const { port } = z.object({ port: z.number() }).parse(gateway.address());
  return {
    collector,
    learner,
    control,
    projectors: readers,
    url: `http://127.0.0.1:${port}`,
    startProjector: () => start('projector'),
    stop: async () => {
      gateway.closeAllConnections();
      gateway.close();
      return Promise.all(running.map((service) => service.stop()));
    },
  };
}

const ROUTES: readonly (readonly [RegExp, 'collector' | 'learner' | 'control'])[] = [
  [/^\/v1\/(?:events|imports|traces)(?:$|[/?])/u, 'collector'],
  [/^\/v1\/(?:mine|train)(?:$|[/?])/u, 'learner'],
  [/^/u, 'control'],
];

function gatewayTo(to: Readonly<Record<'collector' | 'learner' | 'control', Service>>): Server {
  return createServer((from, answer) => {
    const path = from.url ?? '/';
    const [, name] = ROUTES.find(([route]) => route.test(path)) ?? [/^/u, 'control' as const];
    const { hostname, port, host } = new URL(to[name].url);
    const onward = request(
      { hostname, port, path, method: from.method, headers: { ...from.headers, host } },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    onward.on('error', () => answer.writeHead(502).end());
    from.pipe(onward);
  });
}
