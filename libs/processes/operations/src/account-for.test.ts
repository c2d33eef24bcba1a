import type { EventLog, LogCount } from '@heed/events';
import { tenantId } from '@heed/kernel';
import type { TenantCounts, WarehouseReader } from '@heed/sessions';
import { inMemoryEventLog } from '@heed/testing';
import { describe, expect, it } from 'vitest';
import { accountFor } from './account-for.ts';

const TENANT = tenantId('tenant');

interface Moments {
  /** What the log says it accepted, at the first reading and at the second. */
  readonly accepted: readonly [number, number];
  readonly lag: number;
  readonly stored: number;
  readonly deadLettered: number;
  readonly notes?: number;
  readonly repeats?: number;
}

describe('accountFor', () => {
  it.each<[string, Moments, boolean]>([
    ['everything is held', { accepted: [10, 10], lag: 0, stored: 8, deadLettered: 2 }, true],
    ['the rest waits', { accepted: [10, 10], lag: 3, stored: 7, deadLettered: 0 }, true],
    ['events came in meanwhile', { accepted: [10, 500], lag: 2, stored: 8, deadLettered: 0 }, true],
    [
      'what came meanwhile was projected',
      { accepted: [10, 500], lag: 0, stored: 490, deadLettered: 0 },
      true,
    ],
    ['an event is lost', { accepted: [10, 10], lag: 0, stored: 9, deadLettered: 0 }, false],
    ['more is lost than waits', { accepted: [10, 500], lag: 2, stored: 7, deadLettered: 0 }, false],
    ['a note is in the log', { accepted: [11, 11], lag: 0, stored: 8, deadLettered: 2, notes: 1 }, true],
    ['a note is not read yet', { accepted: [11, 11], lag: 1, stored: 8, deadLettered: 2 }, true],
    [
      'a note is all that is left',
      { accepted: [11, 11], lag: 0, stored: 8, deadLettered: 1, notes: 1 },
      false,
    ],
    ['a repeat is in the log', { accepted: [11, 11], lag: 0, stored: 8, deadLettered: 2, repeats: 1 }, true],
    ['a repeat is not read yet', { accepted: [11, 11], lag: 1, stored: 8, deadLettered: 2 }, true],
    [
      'a repeat is all that is left',
      { accepted: [11, 11], lag: 0, stored: 8, deadLettered: 1, repeats: 1 },
      false,
    ],
    ['an event is held twice', { accepted: [10, 10], lag: 0, stored: 10, deadLettered: 1 }, false],
  ])('when %s', async (_, moments, balanced) => {
    expect(await account(moments)).toMatchObject([
      {
        tenant: TENANT,
        accepted: moments.accepted[1] - (moments.notes ?? 0) - (moments.repeats ?? 0),
        stored: moments.stored,
        lag: moments.lag,
        balanced,
      },
    ]);
  });
});

it('says that the log does not answer while somebody waits for it', async () => {
  const silent = () => new Promise<never>(() => undefined);
  const log: EventLog = { ...inMemoryEventLog(), lag: silent, counts: silent };
  await expect(accountFor(log, warehouseOf([]), 'g')).rejects.toMatchObject({ code: 'log-unavailable' });
});

function account({ accepted, lag, stored, deadLettered, notes = 0, repeats = 0 }: Moments) {
  const readings = accepted.map((count): readonly LogCount[] => [
    { tenant: TENANT, accepted: count, deadLettered: 0 },
  ]);
  const log: EventLog = {
    ...inMemoryEventLog(),
    counts: () => Promise.resolve(readings.shift() ?? []),
    lag: () => Promise.resolve({ entries: lag, partitions: [{ committed: 0, head: lag }] }),
  };
  const held: readonly TenantCounts[] = [
    { tenant: TENANT, stored, waiting: 0, deadLettered, redriven: 0, notes, repeats },
  ];
  return accountFor(log, warehouseOf(held), 'projector');
}

function warehouseOf(held: readonly TenantCounts[]): WarehouseReader {
  return {
    counts: () => Promise.resolve(held),
    deadLetters: () => Promise.resolve({ total: 0, byReason: {}, waiting: 0, redriven: 0, rows: [] }),
    deadLetter: () => Promise.resolve(null),
    hasEvent: () => Promise.resolve(false),
    removeTenant: () => Promise.resolve(),
  };
}
