import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { BodyBudget } from './body-budget.ts';
import { readBody } from './read-body.ts';

const patient = { maxBytes: 10, leastBytesPerSecond: 1, bodyGraceMs: 1_000_000 };
const budget = (maxBytes = 100): BodyBudget => new BodyBudget(maxBytes);

it('gives the pieces as one', async () => {
  const payload = new PassThrough();
  const body = readBody(payload, budget().lease(0), patient);
  payload.write('play ');
  payload.end('jazz');
  expect((await body).toString()).toBe('play jazz');
});

it('refuses what announced nothing and is too large, as soon as it is', async () => {
  const payload = new PassThrough();
  const body = readBody(payload, budget().lease(0), patient);
  payload.write('x'.repeat(11));
  await expect(body).rejects.toMatchObject({ code: 'body-too-large' });
});

it('counts what announced nothing against what all may hold', async () => {
  const all = budget(15);
  const one = new PassThrough();
  const other = new PassThrough();
  const bodies = [readBody(one, all.lease(0), patient), readBody(other, all.lease(0), patient)] as const;
  one.end('x'.repeat(10));
  await bodies[0];
  other.write('x'.repeat(6));
  await expect(bodies[1]).rejects.toMatchObject({ code: 'queue-full' });
});

it('refuses one that stays away, and one that comes too slowly', async () => {
  const hasty = { maxBytes: 10, leastBytesPerSecond: 1000, bodyGraceMs: 1 };
  await expect(readBody(new PassThrough(), budget().lease(0), hasty)).rejects.toMatchObject({
    code: 'body-too-slow',
  });
  const payload = new PassThrough();
  const body = readBody(payload, budget().lease(0), hasty);
  payload.write('x');
  await expect(body).rejects.toMatchObject({ code: 'body-too-slow' });
});

it('tells one that breaks off', async () => {
  const payload = new PassThrough();
  const body = readBody(payload, budget().lease(0), patient);
  payload.destroy();
  await expect(body).rejects.toMatchObject({ code: 'body-broken-off' });
});
