import { afterEach, describe, expect, it } from 'vitest';
import { heedClient } from '../connect/heed-client.ts';
import { fakeService, type FakeService } from '../testing/fake-service.ts';
import { waitUntilProjected, type Projection } from './wait-until-projected.ts';

let service: FakeService | undefined;
afterEach(() => service?.stop());

async function waiting(
  aheads: readonly number[],
): Promise<{ projection: Projection; asked: number; names: number; told: number[] }> {
  let asked = 0;
  const names = new Set<string>();
  const told: number[] = [];
  service = await fakeService({
    routes: {
      'GET /v1/lag': (_, query) => {
        names.add(query.get('wait') ?? '');
        const ahead = aheads[Math.min(asked++, aheads.length - 1)];
        return { body: JSON.stringify({ entries: 1_000, ahead, log: null }) };
      },
    },
  });
  const client = heedClient(service.url, { tenant: 'default' });
  try {
    return {
      projection: await waitUntilProjected(client, (lag) => told.push(lag), 1),
      asked,
      names: names.size,
      told,
    };
  } finally {
    client.close();
  }
}

describe('waiting for the warehouse', () => {
  it('ends at once when it has read everything', async () => {
    expect(await waiting([0])).toEqual({
      projection: 'shown',
      asked: 1,
      names: 1,
      told: [],
    });
  });

  it('asks under one name, and ends when nothing is ahead of it, whatever others have sent', async () => {
    expect(await waiting([8, 4, 0])).toEqual({ projection: 'shown', asked: 3, names: 1, told: [8, 4] });
  });

  it('takes a replay, which goes back to the beginning, for movement', async () => {
    expect(await waiting([2, 10, 0])).toMatchObject({ projection: 'shown', asked: 3 });
  });

  it('gives up when nothing moves', async () => {
    expect(await waiting([2])).toMatchObject({ projection: 'stalled' });
  });
});
