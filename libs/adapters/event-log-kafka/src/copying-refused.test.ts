import type { LogEntry } from '@heed/events';
import { Fault } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { copyingRefused } from './copying-refused.ts';
import { entryOf } from './event-record.ts';
import type { LogRecord } from './log-record.ts';

const record = (offset: number, value: string): LogRecord => ({
  partition: 0,
  offset,
  key: Buffer.from('shop/s'),
  value: Buffer.from(value),
  headers: {},
  timestampMs: 1,
});

function rig(refuse: (letters: readonly LogEntry[]) => Fault | undefined = () => undefined) {
  const did: string[] = [];
  const warned: unknown[] = [];
  const { read, handle } = copyingRefused({
    read: entryOf,
    copy: (letters) => {
      const fault = refuse(letters);
      if (fault !== undefined) return Promise.reject(fault);
      did.push(`copied ${letters.map(({ body }) => body).join()}`);
      return Promise.resolve();
    },
    handle: (batch) => {
      did.push(`handled ${batch.length}`);
      return Promise.resolve();
    },
    journal: {
      debug: () => undefined,
      info: () => undefined,
      warn: (event, fields) => warned.push([event, fields]),
    },
  });
  return { did, warned, handle, letters: ['a', 'bb', 'c'].map((value, index) => read(record(index, value))) };
}

const unstorable = new Fault('batch-unstorable', 'too large', 'make it smaller');

describe('what applications wrote that is no event', () => {
  it('is copied before its batch is handled', async () => {
    const { did, handle, letters } = rig();
    await handle(letters);
    expect(did).toEqual(['copied a,bb,c', 'handled 3']);
  });

  it('is not copied when Heed itself had judged it, which copied it then', async () => {
    const { did, handle } = rig();
    const own = { ...entryOf(record(0, 'a')), deadLetter: 'unreadable' as const };
    await handle([own]);
    expect(did).toEqual(['handled 1']);
  });

  it('does not keep those behind it waiting when the topic does not take it, and that is told', async () => {
    const { did, warned, handle, letters } = rig((all) =>
      all.some(({ body }) => body === 'bb') ? unstorable : undefined,
    );
    await handle(letters);
    expect(did).toEqual(['copied a', 'copied c', 'handled 3']);
    expect(warned).toEqual([['dead-letter-not-copied', { code: 'batch-unstorable', bytes: 2 }]]);
  });

  it('comes again when the brokers could not be reached', async () => {
    const down = new Fault('log-unavailable', 'no broker', 'start it');
    const { did, handle, letters } = rig(() => down);
    await expect(handle(letters)).rejects.toBe(down);
    expect(did).toEqual([]);
  });
});
