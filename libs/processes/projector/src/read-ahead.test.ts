import { describe, expect, it } from 'vitest';
import { readAhead } from './read-ahead.ts';

describe('readAhead', () => {
  it('gives every item in order, and has asked for the next when it gives one', async () => {
    const seen: string[] = [];
    const got: number[] = [];
    for await (const item of readAhead(counting(3, seen))) {
      got.push(item);
      while (item < 3 && !seen.includes(`read ${item + 1}`)) await Promise.resolve();
    }
    expect(got).toEqual([1, 2, 3]);
    expect(seen).toEqual(['read 1', 'read 2', 'read 3', 'closed']);
  });

  it('tells a failure when its turn has come, after the items before it', async () => {
    const got: number[] = [];
    const failing = async (): Promise<void> => {
      for await (const item of readAhead(counting(3, [], 2))) got.push(item);
    };
    await expect(failing()).rejects.toThrow('cannot read 2');
    expect(got).toEqual([1]);
  });

  it('closes what it reads from when nobody wants more', async () => {
    const seen: string[] = [];
    for await (const item of readAhead(counting(9, seen))) if (item === 2) break;
    expect(seen).toEqual(['read 1', 'read 2', 'read 3', 'closed']);
  });
});

async function* counting(count: number, seen: string[], failAt?: number): AsyncGenerator<number> {
  try {
    for (let item = 1; item <= count; item++) {
      await Promise.resolve();
      if (item === failAt) throw new Error(`cannot read ${item}`);
      seen.push(`read ${item}`);
      yield item;
    }
  } finally {
    seen.push('closed');
  }
}
