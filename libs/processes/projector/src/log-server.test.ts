import type { EventLog } from '@heed/events';
import { tenantId } from '@heed/kernel';
import { jsonLog } from '@heed/platform';
import { inMemoryEventLog } from '@heed/testing';
import { throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogBatchContext, LogServer, ReadAgain } from './log-server.ts';

const GROUP = 'readers';

type Handler = (batch: readonly { readonly key: string }[], context: LogBatchContext) => unknown;

describe('the event log as a transport of Nest', () => {
  let log: EventLog;
  let server: LogServer;
  let said: string[];
  let handed: string[][];

  beforeEach(async () => {
    log = inMemoryEventLog();
    said = [];
    handed = [];
    server = new LogServer({
      log,
      group: GROUP,
      options: () => ({ maxBatch: 2 }),
      journal: jsonLog('info', (line) => said.push(line)),
    });
    await log.append(['a', 'b', 'c'].map((key) => entry(key)));
  });
  afterEach(async () => {
    await server.close();
    await log.close();
  });

  /** Hands batches to the handler until it was handed `count` of them. */
  async function serve(count: number, handler: Handler): Promise<void> {
    const done = Promise.withResolvers<undefined>();
    const take = async (batch: readonly { readonly key: string }[], context: unknown): Promise<unknown> => {
      if (!(context instanceof LogBatchContext)) throw new TypeError('no context');
      handed.push(batch.map(({ key }) => key));
      if (handed.length === count) done.resolve(undefined);
      return Promise.resolve(handler(batch, context));
    };
    server.addHandler(GROUP, take, true);
    server.listen(() => undefined);
    await done.promise;
    await server.pause();
  }

  it('hands whole batches to the handler of its group, each once it was committed', async () => {
    await serve(2, (_batch, context) => context.commit());
    expect(handed).toEqual([['a', 'b'], ['c']]);
    expect(await log.lag(GROUP)).toMatchObject({ entries: 0 });
  });

  it('counts a batch as not taken that its handler did not commit', async () => {
    await serve(1, () => undefined);
    expect(await log.lag(GROUP)).toMatchObject({ entries: 3 });
  });

  it('hears of a failure in the stream that Nest makes of it', async () => {
    await serve(1, (_batch, context) => {
      context.commit();
      return throwError(() => new Error('no'));
    });
    expect(await log.lag(GROUP)).toMatchObject({ entries: 3 });
  });

  it('reads a batch again at once when its handler asks for it, and complains of nothing', async () => {
    await serve(3, (_batch, context) => {
      if (handed.length === 1) throw new ReadAgain();
      context.commit();
    });
    expect(handed).toEqual([['a', 'b'], ['a', 'b'], ['c']]);
    expect(said).toEqual([]);
  });

  it('goes on where it was paused, and not at all once it is closed', async () => {
    await serve(1, (_batch, context) => context.commit());
    server.resume();
    await server.close();
    server.resume();
    const before = handed.length;
    await log.append([entry('d')]);
    await server.pause();
    expect(handed).toHaveLength(before);
  });
});

function entry(key: string) {
  return { tenant: tenantId('t'), key, session: 's', body: '{}', receivedAtMs: 1 };
}
