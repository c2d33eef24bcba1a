import { Fault } from '@heed/kernel';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** An IP address of this machine, or `0.0.0.0` and `::` for all it has. */
export interface ListeningAddress {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** Only this machine itself reaches it. */
export function isLoopback(host: string): boolean {
  return host === '127.0.0.1' || host === '::1';
}

/** Listens, and answers with the URL under which this machine reaches it. Throws Fault `port-in-use`, `port-forbidden`, `host-unknown`. */
export async function bind(app: NestFastifyApplication, address: ListeningAddress): Promise<string> {
  try {
    await app.listen(address.port, address.host);
  } catch (cause) {
    await app.close();
    throw listeningFault(address, cause) ?? cause;
  }
  const bound = app.getHttpServer().address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
  return urlOf(address.host, port);
}

/** Throws what `bind` would throw, before anything else is begun. */
export async function refuseTakenPort(address: ListeningAddress): Promise<void> {
  const probe = createServer().listen(address.port, address.host);
  try {
    await once(probe, 'listening');
  } catch (cause) {
    throw listeningFault(address, cause) ?? cause;
  }
  probe.close();
  await once(probe, 'close');
}

const ALL_ADDRESSES: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** @example urlOf('::', 8585) // 'http://[::1]:8585' */
export function urlOf(host: string, port: number): string {
  const reachable = ALL_ADDRESSES[host] ?? host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function listeningFault({ host, port }: ListeningAddress, cause: unknown): Fault | undefined {
  switch (cause instanceof Error && 'code' in cause ? cause.code : undefined) {
    case 'EADDRINUSE':
      return new Fault(
        'port-in-use',
        `Port ${port} on ${host} is taken by another program.`,
        'Take another one with --port N (0 finds a free one), or stop that program.',
        { cause },
      );
    case 'EACCES':
      return new Fault(
        'port-forbidden',
        `Port ${port} may not be opened by this user.`,
        'Take one above 1023 with --port N.',
        { cause },
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return new Fault(
        'host-unknown',
        `${host} is no address of this machine.`,
        'Give one with --host that it has; 0.0.0.0 means all of them.',
        { cause },
      );
    default:
      return undefined;
  }
}
