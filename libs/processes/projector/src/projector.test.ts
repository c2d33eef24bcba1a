import { cloudEventOf, type EventLog } from '@heed/events';
import { tenantId } from '@heed/kernel';
import { jsonLog } from '@heed/platform';
import { ruleModels, type SessionChanges } from '@heed/sessions';
import { InMemorySessionStore, inMemoryEventLog } from '@heed/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectBatch } from './project-batch.ts';
import { Projector } from './projector.ts';

const TENANT = tenantId('tenant');
const NOON = Date.UTC(2026, 2, 2, 12);

describe('Projector', () => {
  let log: EventLog;
  let store: UnreliableStore;
  let projector: Projector;
  let said: string[];
  beforeEach(() => {
    log = inMemoryEventLog();
    store = new UnreliableStore();
    said = [];
    projector = new Projector(
      log,
      store,
      { models: ruleModels, maxBatch: 3, soleWriter: true },
      jsonLog('info', (line) => said.push(line)),
    );
  });
  afterEach(async () => {
    await projector.stop();
    await log.close();
  });

  it('brings everything in the log into the store', async () => {
    await append(log, 10);
    projector.start();
    await projector.whenCaughtUp();
    expect(store.sessions(TENANT)).toHaveLength(10);
    await append(log, 3, 100);
    await projector.whenCaughtUp();
    expect(store.sessions(TENANT)).toHaveLength(13);
  });

  it('gives way before a batch, but not when the one before shows a backlog', async () => {
    const asked: number[] = [];
    const isBusy = (): boolean => {
      asked.push(store.sessions(TENANT).length);
      return false;
    };
    const courtesy = {
      lookEveryMs: 1,
      atMostMs: 1000,
      nowMs: () => 0,
      isBusy,
      hurryFrom: { entries: 3, chars: 1e6 },
    };
    const polite = new Projector(
      log,
      store,
      { models: ruleModels, maxBatch: 3, courtesy },
      jsonLog('silent', () => 0),
    );
    await append(log, 8);
    polite.start();
    await polite.whenCaughtUp();
    await append(log, 1, 100);
    await polite.whenCaughtUp();
    await polite.stop();
    // Two looks each time; not after the batches of three.
    expect(asked.slice(0, 4)).toEqual([0, 0, 8, 8]);
  });

  it('sees a backlog in large bodies as well', async () => {
    let asked = 0;
    const isBusy = (): boolean => asked++ < 0;
    const courtesy = {
      lookEveryMs: 1,
      atMostMs: 1000,
      nowMs: () => 0,
      isBusy,
      hurryFrom: { entries: 1e6, chars: 1 },
    };
    const polite = new Projector(
      log,
      store,
      { models: ruleModels, maxBatch: 1, courtesy },
      jsonLog('silent', () => 0),
    );
    await append(log, 5);
    polite.start();
    await polite.whenCaughtUp();
    expect(asked).toBe(2);
    await polite.stop();
  });

  it('tries again when the store fails, says so, and skips nothing', async () => {
    store.failures = 2;
    await append(log, 5);
    projector.start();
    await projector.whenCaughtUp();
    expect(store.sessions(TENANT)).toHaveLength(5);
    expect(said.filter((line) => line.includes('projection-retried'))).toHaveLength(2);
  });

  it('leaves a batch uncommitted that it gave up because it was stopped', async () => {
    store.failures = Number.POSITIVE_INFINITY;
    await append(log, 2);
    projector.start();
    await store.failed;
    await projector.stop();
    expect(await log.lag('projector')).toEqual({ entries: 2, partitions: [{ committed: 0, head: 2 }] });
    store.failures = 0;
    projector.start();
    await projector.whenCaughtUp();
    expect(store.sessions(TENANT)).toHaveLength(2);
  });

  it('puts aside the session that cannot be stored, and lets nothing behind it wait', async () => {
    store.refused = 's-1';
    await append(log, 7);
    projector.start();
    await projector.whenCaughtUp();
    expect(store.sessions(TENANT)).toHaveLength(6);
    expect(store.deadLetters(TENANT)).toMatchObject([{ key: 'e-1', reason: 'poisoned' }]);
    expect(await log.lag('projector')).toMatchObject({ entries: 0 });
  });

  it('does not go on when it was shut down during a pause', async () => {
    projector.start();
    await projector.whilePaused(() => projector.shutDown());
    await append(log, 1);
    projector.start();
    await projector.stop();
    expect(await log.lag('projector')).toMatchObject({ entries: 1 });
  });

  it('gives one work after the other its pause', async () => {
    const order: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      order.push(`${name} begins`);
      await log.lag('projector');
      order.push(`${name} ends`);
    };
    await Promise.all([projector.whilePaused(work('first')), projector.whilePaused(work('second'))]);
    expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('does not rely on what it wrote before a pause: others write meanwhile', async () => {
    await append(log, 1);
    projector.start();
    await projector.whenCaughtUp();
    const other = inMemoryEventLog();
    await append(other, 1, 50, 's-0');
    await projector.whilePaused(async () => {
      for await (const batch of other.replay({ maxBatch: 9 }))
        await projectBatch(batch, store, { models: ruleModels });
    });
    await append(log, 1, 100, 's-0');
    await projector.whenCaughtUp();
    expect(store.sessions(TENANT)).toMatchObject([{ session: 's-0', storedEvents: 3 }]);
    await other.close();
  });

  it('keeps still while it is paused, and goes on afterwards also when the work failed', async () => {
    projector.start();
    const paused = projector.whilePaused(async () => {
      await append(log, 4);
      throw new Error('work failed');
    });
    await expect(paused).rejects.toThrow('work failed');
    await projector.whenCaughtUp();
    expect(store.sessions(TENANT)).toHaveLength(4);
  });
});

class UnreliableStore extends InMemorySessionStore {
  failures = 0;
  /** A session that cannot be stored, however often it is tried and whatever the state of the store. */
  refused = '';
  readonly #failed = Promise.withResolvers<undefined>();
  readonly failed = this.#failed.promise;

  override async apply(changes: SessionChanges): Promise<void> {
    if (this.failures-- > 0) {
      this.#failed.resolve(undefined);
      throw new Error('store down');
    }
    if (changes.derived.some(({ session }) => session.session === this.refused))
      throw new RangeError('Invalid string length');
    await super.apply(changes);
  }
}

async function append(log: EventLog, count: number, from = 0, of?: string): Promise<void> {
  await log.append(
    Array.from({ length: count }, (_, i) => {
      const [id, session] = [`e-${from + i}`, of ?? `s-${from + i}`];
      const data = { turn: 't', request: { text: 'play jazz' } };
      const event = cloudEventOf({ type: 'heed.turn.v1', id, session, source: '/test', timeMs: NOON, data });
      return { tenant: TENANT, key: id, session, receivedAtMs: NOON, body: JSON.stringify(event) };
    }),
  );
}
