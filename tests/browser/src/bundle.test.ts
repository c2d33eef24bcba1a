import { describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { bundleOf } from './bundle-sdk.ts';

describe("the SDK in an application's bundle", () => {
  it.each([
    ['what only tells Heed', ['createEmitter'], 6],
    ['all of it', ['createHeed', 'createEmitter', 'memoryOutbox', 'served', 'verifyBundle'], 10],
  ])('%s needs nothing of Node, nothing from elsewhere, and is small', async (what, names, mostKib) => {
    const { code, imports } = await bundleOf(names);
    const gzipped = gzipSync(code, { level: 9 }).length;
    console.log(`${what}: ${kib(code.length)} KiB minified, ${kib(gzipped)} KiB gzipped`);
    expect(imports).toEqual([]);
    expect(code).not.toMatch(/["'`]node:/);
    expect(code).toContain('/v1/events');
    expect(gzipped).toBeLessThan(mostKib * 1024);
  });

  it('scores answers by an entry of its own, and brings no runtime along', async () => {
    const { code, imports } = await bundleOf(['scoreLove'], 'libs/sdk/src/score/index.ts');
    const gzipped = gzipSync(code, { level: 9 }).length;
    console.log(`scoreLove: ${kib(code.length)} KiB minified, ${kib(gzipped)} KiB gzipped`);
    expect(imports).toEqual([]);
    expect(code).not.toMatch(/["'`]node:/);
    expect(code).toContain('model-truncated');
    expect(gzipped).toBeLessThan(8 * 1024);
  });
});

function kib(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}
