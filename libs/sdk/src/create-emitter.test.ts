import { beforeEach, describe, expect, it } from 'vitest';
import { createEmitter, type Emitter, type EmitterOptions } from './create-emitter.ts';
import { memoryOutbox } from './memory-outbox.ts';

const limits = { maxEntries: 10, maxBytes: 10_000 };
let requests: { headers: Headers; body: string }[];
let problems: string[];
let answer: () => Response;
beforeEach(() => {
  [requests, problems] = [[], []];
  answer = () => Response.json({ results: [{ id: 'e-1', status: 'accepted' }] }, { status: 202 });
});

function emitter(options: Partial<EmitterOptions> = {}): Emitter {
  return createEmitter({
    url: 'http://heed/',
    lingerMs: 0,
    fetch: (url, init) => {
      const request = new Request(url, init);
      return request.text().then((body) => {
        requests.push({ headers: request.headers, body });
        return answer();
      });
    },
    random: () => 0,
    onProblem: ({ code }) => problems.push(code),
    ...options,
  });
}

const comment = (detail: unknown = 'good'): Parameters<Emitter['emit']>[0] => ({
  type: 'heed.turn.v1',
  id: 'e-1',
  session: 's-1',
  data: { turn: 't-1', request: { text: 'a' }, stages: [{ name: 'plan', input: detail }] },
});

describe('an emitter', () => {
  it('sends under its key, which tells the tenant', async () => {
    const heed = emitter({ key: 'browser-key', tenant: 'shop' });
    heed.emit(comment());
    expect(await heed.flush()).toBe(0);
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer browser-key');
    expect(requests[0]?.headers.has('heed-tenant')).toBe(false);
  });

  it('names its tenant where there are no keys', async () => {
    const heed = emitter({ tenant: 'shop' });
    heed.emit(comment());
    expect(await heed.flush()).toBe(0);
    expect(requests[0]?.headers.get('heed-tenant')).toBe('shop');
    expect(requests[0]?.headers.has('authorization')).toBe(false);
  });

  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  it.each([
    ['a cycle', cycle],
    ['a BigInt', 1n],
    [
      'something that refuses to be written',
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
    ],
  ])('tells of an event with %s at once, and sends the others', async (_, detail) => {
    const heed = emitter();
    expect(heed.emit(comment(detail))).toBe('e-1');
    expect(problems).toEqual(['event-unserialisable']);
    heed.emit(comment());
    expect(await heed.flush()).toBe(0);
    expect(requests.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([[{ id: 'e-1' }]]);
  });

  it('sends what it was handed, whatever the application does with the object afterwards', async () => {
    const heed = emitter();
    const detail = { text: 'as it was' };
    heed.emit(comment(detail));
    detail.text = 'changed';
    await heed.flush();
    expect(requests[0]?.body).toContain('as it was');
  });

  it('counts an event in bytes, not in characters', async () => {
    const heed = emitter({ capacityBytes: 700 });
    heed.emit(comment('\u20ac'.repeat(200)));
    expect(problems).toEqual(['outbox-full']);
    heed.emit(comment('e'.repeat(200)));
    await heed.saved();
    expect(problems).toEqual(['outbox-full']);
  });

  it.each([
    ['no JSON', () => new Response('<html>Sign in to the hotel</html>')],
    ['a result too few', () => Response.json({ results: [] }, { status: 202 })],
    ['a wrong key', () => Response.json({ code: 'key-unknown' }, { status: 401 })],
  ])('keeps its events when the answer is %s', async (_, first) => {
    const storage = memoryOutbox(limits);
    answer = first;
    const heed = emitter({ storage });
    heed.emit(comment());
    expect(await heed.flush(30)).toBe(1);
    expect(await storage.oldest({ maxCount: 9, maxBytes: 9000 })).toHaveLength(1);
    await heed.close(0);
  });

  it('sends what waits in the storage it is given', async () => {
    const storage = memoryOutbox(limits);
    await storage.add([{ id: 'e-1', body: '{"id":"e-1"}', bytes: 12 }]);
    const heed = emitter({ storage });
    expect(await heed.flush()).toBe(0);
    expect(requests.map(({ body }) => body)).toEqual(['[{"id":"e-1"}]']);
  });

  it('takes the time from the clock it is given', async () => {
    const heed = emitter({ nowMs: () => Date.UTC(2026, 2, 1, 9) });
    heed.emit(comment());
    await heed.flush();
    expect(requests[0]?.body).toContain('"time":"2026-03-01T09:00:00.000Z"');
  });
});
