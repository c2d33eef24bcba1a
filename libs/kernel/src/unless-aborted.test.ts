import { describe, expect, it } from 'vitest';
import { unlessAborted } from './unless-aborted.ts';

describe('unlessAborted', () => {
  const stopped = new Error('stopped');

  it('passes on what comes first, be it an answer or a refusal', async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(signal, Promise.resolve('answer'))).toBe('answer');
    await expect(unlessAborted(signal, Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  });

  it('rejects as soon as the signal is aborted, whatever comes later', async () => {
    const stopping = new AbortController();
    const answer = Promise.withResolvers<string>();
    const asked = unlessAborted(stopping.signal, answer.promise);
    stopping.abort(stopped);
    await expect(asked).rejects.toBe(stopped);
    answer.reject(new Error('nobody waits for this'));
  });

  it('does not wait where the signal was aborted before', async () => {
    const never = new Promise<string>(() => undefined);
    await expect(unlessAborted(AbortSignal.abort(stopped), never)).rejects.toBe(stopped);
  });
});
