import { afterEach, describe, expect, it } from 'vitest';
import { heedClient } from '../connect/heed-client.ts';
import { fakeService, type FakeService } from '../testing/fake-service.ts';
import { waitUntilProjected, type Projection } from './wait-until-projected.ts';

let service: FakeService | undefined;
afterEach(() => service?.stop());

interface Lag {
  readonly head: number;
  readonly committed: number;
  readonly entries: number;
}

async function waiting(
  lags: readonly Lag[],
): Promise<{ projection: Projection; asked: number; told: number[] }> {
  let asked = 0;
  const told: number[] = [];
  service = await fakeService({
    routes: { 'GET /v1/lag': () => ({ body: JSON.stringify(lags[Math.min(asked++, lags.length - 1)]) }) },
  });
  const client = heedClient(service.url, { tenant: 'default' });
  try {
    return { projection: await waitUntilProjected(client, (lag) => told.push(lag), 1), asked, told };
  } finally {
    client.close();
  }
}

describe('waiting for the warehouse', () => {
  it('ends at once when it has read everything', async () => {
    expect(await waiting([{ head: 7, committed: 7, entries: 0 }])).toEqual({
      projection: 'shown',
      asked: 1,
      told: [],
    });
  });

  it('ends with what was in the log when it began, whatever comes in meanwhile', async () => {
    const lags = [
      { head: 10, committed: 2, entries: 8 },
      { head: 90, committed: 6, entries: 84 },
      { head: 500, committed: 10, entries: 490 },
    ];
    expect(await waiting(lags)).toEqual({ projection: 'shown', asked: 3, told: [8, 4] });
  });

  it('takes a replay, which goes back to the beginning, for movement', async () => {
    const lags = [
      { head: 10, committed: 8, entries: 2 },
      { head: 10, committed: 0, entries: 10 },
      { head: 10, committed: 10, entries: 0 },
    ];
    expect(await waiting(lags)).toMatchObject({ projection: 'shown', asked: 3 });
  });

  it('gives up when nothing moves', async () => {
    expect(await waiting([{ head: 10, committed: 8, entries: 2 }])).toMatchObject({ projection: 'stalled' });
  });
});
