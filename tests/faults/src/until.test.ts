import { createServer } from 'node:http';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answerFrom } from './answer-from.ts';
import { until } from './until.ts';

describe('until', () => {
  it('looks again until it holds, and gives what it saw', async () => {
    let looks = 0;
    const seen = await until(
      'there were three',
      () => ++looks,
      (count) => count === 3,
    );
    expect(seen).toBe(3);
  });

  it('ends with what it saw last when it never holds', async () => {
    const waiting = until(
      'the lag is 0',
      () => ({ lag: 7 }),
      ({ lag }) => lag === 0,
      0,
    );
    await expect(waiting).rejects.toThrow('until the lag is 0, in vain. Seen last: { lag: 7 }');
  });

  it('ends with what keeps whoever is asked away', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const { port } = z.object({ port: z.number() }).parse(nobody.address());
    nobody.close();
    const waiting = until(
      'it answers',
      () => answerFrom(`http://127.0.0.1:${port}`),
      () => true,
      0,
    );
    await expect(waiting).rejects.toMatchObject({
      message: expect.stringContaining('in vain. Seen last: null') as unknown,
      cause: { cause: { code: 'ECONNREFUSED' } },
    });
  });

  it('lets out at once what it does not expect', async () => {
    let looks = 0;
    const waiting = until<number>(
      'it holds',
      () => {
        looks += 1;
        throw new TypeError('the test is wrong');
      },
      () => true,
    );
    await expect(waiting).rejects.toThrow('the test is wrong');
    expect(looks).toBe(1);
  });
});
