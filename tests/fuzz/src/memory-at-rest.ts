import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Inspector } from './inspector.ts';

/** Bytes that a service holds once it has given back all that it can. */
export interface MemoryAtRest {
  /** JavaScript's objects, and what they hold outside of the heap. */
  readonly reachable: number;
  /** Every other byte of its own: the engine's, its allocators' and Node's. Pages of files (programs and libraries) are not in it. */
  readonly native: number;
  /** What the engine says it holds of them. */
  readonly engine: number;
}

const usage = z.object({ heapTotal: z.number(), heapUsed: z.number(), external: z.number() });

/** Collects every garbage and hands free pages of the engine back before it looks: what is left is held. */
export async function memoryAtRest(
  inspector: Inspector,
  service: { readonly pid: number; readonly dataDir: string },
): Promise<MemoryAtRest> {
  // A second time for what the finalizers of the first have let go of.
  await inspector.collectGarbage();
  await inspector.collectGarbage();
  const engine = z.coerce.number().parse(await inspector.evaluate(engineBytes(service.dataDir)));
  const { heapTotal, heapUsed, external } = usage.parse(
    await inspector.evaluate(
      '(({ heapTotal, heapUsed, external }) => ({ heapTotal, heapUsed, external }))(process.memoryUsage())',
    ),
  );
  return {
    reachable: heapUsed + external,
    native: anonymousBytes(service.pid) - heapTotal - external,
    engine,
  };
}

/** Asks the engine that the service has open, by one more connection of the same process. */
function engineBytes(dataDir: string): string {
  const from = JSON.stringify(join(import.meta.dirname, '../../../dist/standalone.js'));
  const folder = JSON.stringify(join(dataDir, 'warehouse', 'data'));
  return `(async () => {
    const { Session } = process.getBuiltinModule('node:module').createRequire(${from})('chdb');
    const session = new Session(${folder});
    try {
      await session.queryAsync('SYSTEM JEMALLOC PURGE');
      const held = await session.queryAsync("SELECT value FROM system.metrics WHERE metric = 'MemoryTracking'", { format: 'TSV' });
      return held.text().trim();
    } finally {
      session.close();
    }
  })()`;
}

function anonymousBytes(pid: number): number {
  const [, kib] = /^RssAnon:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * 1024;
}
