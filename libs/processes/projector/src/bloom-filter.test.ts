import { seededRandom } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { BloomFilter } from './bloom-filter.ts';

describe('BloomFilter', () => {
  it('has everything that was added, whatever its size', () => {
    const filter = new BloomFilter(10);
    const texts = Array.from({ length: 2000 }, (_, i) => `tenant/session ${i}`);
    for (const text of texts) filter.add(text);
    expect(texts.every((text) => filter.mayHave(text))).toBe(true);
  });

  it('has nothing when nothing was added', () => {
    expect(new BloomFilter().mayHave('tenant/session')).toBe(false);
  });

  // 4 marks a text: 100 000 texts mark 1 - exp(-400 000 / 2^22) = 9.1 % of 2^22 bits, and of others 0.091^4 = 0.0068 % are taken for added.
  it.each([
    ['numbers that follow each other', (i: number) => `tenant/s-${i}`],
    ['random names', randomNames()],
    ['other scripts', (i: number) => `tenant/会話-${i}`],
  ])('seldom takes another for one that was added: %s', (_, name) => {
    const filter = new BloomFilter(22);
    for (let i = 0; i < 100_000; i++) filter.add(name(i));
    let mistaken = 0;
    for (let i = 100_000; i < 200_000; i++) if (filter.mayHave(name(i))) mistaken++;
    expect(mistaken).toBeLessThan(20);
  });
});

function randomNames(): (i: number) => string {
  const random = seededRandom(11);
  return () => `tenant/${random.below(2 ** 31).toString(36)}${random.below(2 ** 31).toString(36)}`;
}
