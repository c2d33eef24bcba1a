import type { AppendOutcome, EventLog, NewLogEntry } from '@heed/events';
import { tenantId } from '@heed/kernel';
import { inMemoryTracing } from '@heed/testing';
import { describe, expect, it } from 'vitest';
import { GroupCommit } from './group-commit.ts';

const ROOMY = { maxBatch: 10, maxAppends: 1, maxBatchChars: 1000, maxWaiting: 100, maxWaitingChars: 10_000 };

const entry = (key: string, body = '{}'): NewLogEntry => ({
  tenant: tenantId('t'),
  key,
  session: 's',
  body,
  receivedAtMs: 0,
});

/** A log whose appends finish when the test says so. */
function heldLog(): {
  log: EventLog;
  appends: { batch: readonly NewLogEntry[]; finish: () => void; fail: (fault: Error) => void }[];
} {
  const appends: { batch: readonly NewLogEntry[]; finish: () => void; fail: (fault: Error) => void }[] = [];
  const append = (batch: readonly NewLogEntry[]): Promise<readonly AppendOutcome[]> =>
    new Promise((resolve, reject) => {
      const outcomes = batch.map(({ key }): AppendOutcome =>
        key.startsWith('dup') ? 'duplicate' : 'appended',
      );
      appends.push({
        batch,
        finish: () => {
          resolve(outcomes);
        },
        fail: reject,
      });
    });
  const unused = (): never => {
    throw new Error('the group commit only appends');
  };
  return {
    appends,
    log: {
      append,
      consume: unused,
      replay: unused,
      lag: unused,
      rewind: unused,
      counts: unused,
      removesTenants: true,
      removeTenant: unused,
      close: unused,
    },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('group commit', () => {
  it('appends together what waited together, and answers each request with its own outcomes', async () => {
    const { log, appends } = heldLog();
    const commit = new GroupCommit(log, ROOMY);
    const first = commit.append([entry('a')]);
    const second = commit.append([entry('dup'), entry('b')]);
    await settle();
    expect(appends.map(({ batch }) => batch.map(({ key }) => key))).toEqual([['a', 'dup', 'b']]);
    appends[0]?.finish();
    expect(await first).toEqual(['appended']);
    expect(await second).toEqual(['duplicate', 'appended']);
  });

  it('keeps one append in flight and sends what gathered meanwhile with the next', async () => {
    const { log, appends } = heldLog();
    const commit = new GroupCommit(log, ROOMY);
    const first = commit.append([entry('a')]);
    await settle();
    const rest = ['b', 'c', 'd'].map((key) => commit.append([entry(key)]));
    await settle();
    expect(appends).toHaveLength(1);
    appends[0]?.finish();
    await first;
    await settle();
    expect(appends[1]?.batch.map(({ key }) => key)).toEqual(['b', 'c', 'd']);
    appends[1]?.finish();
    expect(await Promise.all(rest)).toEqual([['appended'], ['appended'], ['appended']]);
  });

  it('has as many appends in flight as it may, each with requests of its own', async () => {
    const { log, appends } = heldLog();
    const commit = new GroupCommit(log, { ...ROOMY, maxAppends: 2 });
    const all: Promise<readonly AppendOutcome[]>[] = [];
    for (const key of ['a', 'b', 'c']) {
      all.push(commit.append([entry(key)]));
      await settle();
    }
    expect(appends.map(({ batch }) => batch.map(({ key }) => key))).toEqual([['a'], ['b']]);
    appends[1]?.finish();
    await settle();
    expect(appends[2]?.batch.map(({ key }) => key)).toEqual(['c']);
    let isClosed = false;
    const closed = commit.close().then(() => (isClosed = true));
    appends[2]?.finish();
    await settle();
    expect(isClosed).toBe(false);
    appends[0]?.finish();
    await closed;
    expect(await Promise.all(all)).toEqual([['appended'], ['appended'], ['appended']]);
  });

  it('refuses what exceeds the bound, and takes more when room is made', async () => {
    const { log, appends } = heldLog();
    const commit = new GroupCommit(log, { ...ROOMY, maxBatch: 2, maxWaiting: 2 });
    const waiting = commit.append([entry('a'), entry('b')]);
    await expect(commit.append([entry('c')])).rejects.toMatchObject({ code: 'queue-full' });
    await settle();
    appends[0]?.finish();
    await waiting;
    const later = commit.append([entry('c')]);
    await settle();
    appends[1]?.finish();
    expect(await later).toEqual(['appended']);
  });

  it('bounds an append by its characters too, and sends a request that is larger alone', async () => {
    const { log, appends } = heldLog();
    const commit = new GroupCommit(log, { ...ROOMY, maxBatchChars: 10 });
    const bodies = ['x'.repeat(6), 'x'.repeat(6), 'x'.repeat(4), 'x'.repeat(11), 'x'];
    const all = bodies.map((body, index) => commit.append([entry(String(index), body)]));
    for (const index of [0, 1, 2, 3]) {
      await settle();
      appends[index]?.finish();
    }
    await Promise.all(all);
    const sizes = appends.map(({ batch }) => batch.map(({ body }) => body.length));
    expect(sizes).toEqual([[6], [6, 4], [11], [1]]);
  });

  it('refuses what exceeds the characters that may wait, and takes more when room is made', async () => {
    const { log, appends } = heldLog();
    const commit = new GroupCommit(log, { ...ROOMY, maxWaitingChars: 10 });
    const tooLargeButAlone = commit.append([entry('a', 'x'.repeat(11))]);
    await expect(commit.append([entry('b', 'x')])).rejects.toMatchObject({ code: 'queue-full' });
    await settle();
    appends[0]?.finish();
    await tooLargeButAlone;
    const later = commit.append([entry('b', 'x')]);
    await settle();
    appends[1]?.finish();
    expect(await later).toEqual(['appended']);
  });

  it('tells everybody in a failed group, and goes on with the next', async () => {
    const { log, appends } = heldLog();
    const commit = new GroupCommit(log, ROOMY);
    const failed = [commit.append([entry('a')]), commit.append([entry('b')])];
    const results = Promise.allSettled(failed);
    await settle();
    appends[0]?.fail(new Error('disk'));
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const later = commit.append([entry('c')]);
    await settle();
    appends[1]?.finish();
    expect(await later).toEqual(['appended']);
  });

  it('tells of a failure only those whose append failed', async () => {
    const { log, appends } = heldLog();
    const commit = new GroupCommit(log, { ...ROOMY, maxAppends: 2, maxWaiting: 2 });
    const failing = commit.append([entry('a')]);
    await settle();
    const other = commit.append([entry('b')]);
    await settle();
    appends[0]?.fail(new Error('disk'));
    await expect(failing).rejects.toThrow('disk');
    const later = commit.append([entry('c')]);
    await settle();
    appends[1]?.finish();
    appends[2]?.finish();
    expect(await Promise.all([other, later])).toEqual([['appended'], ['appended']]);
  });

  it('finishes what waits when it closes, and takes nothing after', async () => {
    const { log, appends } = heldLog();
    const commit = new GroupCommit(log, ROOMY);
    const waiting = commit.append([entry('a')]);
    const closed = commit.close();
    await expect(commit.append([entry('b')])).rejects.toMatchObject({ code: 'shutting-down' });
    await settle();
    appends[0]?.finish();
    await closed;
    expect(await waiting).toEqual(['appended']);
  });

  it('tells of an append under the first request that it was made for, and names the others', async () => {
    const { log, appends } = heldLog();
    const tracing = inMemoryTracing();
    const commit = new GroupCommit(log, ROOMY, tracing);
    const requests = ['one', 'two', 'three'].map((name) => tracing.begin(name));
    const waiting = requests.map((span, index) =>
      tracing.within(span, () => commit.append([entry(`${index}`)])),
    );
    await settle();
    appends[0]?.finish();
    await Promise.all(waiting);
    expect(tracing.spans.at(-1)).toMatchObject({
      name: 'append',
      parent: requests[0]?.place,
      links: [requests[1]?.place, requests[2]?.place],
      facts: { 'heed.entries': 3 },
      ended: { failure: undefined },
    });
  });
});
