import { describe, expect, it } from 'vitest';
import { isCutOff, isUnsent } from './clickhouse-fault.ts';
import { repeatWhenSafe } from './repeat-when-safe.ts';

const failing = (code: string): Error => Object.assign(new Error(code), { code });

/** What came of work that fails with these, one after the other, and then succeeds; and how often it was tried. */
async function tried(isSafe: (thrown: unknown) => boolean, codes: readonly string[]): Promise<string> {
  let n = 0;
  const outcome = await repeatWhenSafe(isSafe, [0, 0], () => {
    const code = codes[n++];
    return code === undefined ? Promise.resolve('done') : Promise.reject(failing(code));
  }).catch((thrown: unknown) => (thrown instanceof Error ? thrown.message : ''));
  return `${outcome} after ${n}`;
}

describe('repeatWhenSafe', () => {
  it.each([
    [isUnsent, [], 'done after 1'],
    [isUnsent, ['ECONNREFUSED', 'ENOTFOUND'], 'done after 3'],
    [isUnsent, ['ECONNREFUSED', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNREFUSED'], 'ECONNREFUSED after 3'],
    [isUnsent, ['ECONNREFUSED', 'ECONNRESET'], 'ECONNRESET after 2'],
    [isCutOff, ['ECONNREFUSED', 'ECONNRESET'], 'done after 3'],
    [isCutOff, ['ETIMEDOUT'], 'ETIMEDOUT after 1'],
  ])('with %o and failures %o comes to %s', async (isSafe, codes, outcome) => {
    expect(await tried(isSafe, codes)).toBe(outcome);
  });
});
