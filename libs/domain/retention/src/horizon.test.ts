import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expiredBefore } from './expired-before.ts';
import { dayText, decideHorizon, type Horizon, type HorizonQuestion } from './horizon.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 2, 31, 15);
const horizon = (day: string, days = 30): Horizon => {
  const horizonMs = Date.parse(`${day}T00:00:00Z`);
  return { horizonMs, untilMs: horizonMs + days * DAY, days };
};
const asked: HorizonQuestion = {
  days: 30,
  nowMs: NOW,
  newestReceivedMs: NOW,
  receivedDaysMs: [],
  last: undefined,
  isAsked: false,
};

const TODAY = Date.UTC(2026, 2, 31);
const JUMPED = [TODAY - 40 * DAY, TODAY - 10 * DAY, TODAY, TODAY + 365 * DAY];

function movesTo(question: Partial<HorizonQuestion>): string {
  const answer = decideHorizon({ ...asked, ...question });
  return answer.kind === 'moves' ? dayText(answer.horizon.horizonMs) : answer.kind;
}

describe('decideHorizon', () => {
  it.each<[string, Partial<HorizonQuestion>, string]>([
    ['lies whole days before today', {}, '2026-03-01'],
    ['stays where all is kept for ever', { days: null }, 'stays'],
    ['stays where there is nothing', { newestReceivedMs: null }, 'stays'],
    ['stays where it is already', { last: horizon('2026-03-01') }, 'stays'],
    ['never moves back', { days: 60, last: horizon('2026-03-01') }, 'stays'],
    ['moves on with the days', { last: horizon('2026-02-28') }, '2026-03-01'],
    [
      'is not carried off by a clock that jumps',
      { nowMs: NOW + 365 * DAY, last: horizon('2026-03-01') },
      'stays',
    ],
    [
      'stays while a tenant is silent',
      { newestReceivedMs: NOW - 100 * DAY, last: horizon('2026-03-01') },
      'stays',
    ],
    ['is not carried off by an entry with a wrong time', { newestReceivedMs: NOW + 365 * DAY }, '2026-03-01'],
    [
      'waits for a word when clock and entries have jumped',
      { nowMs: NOW + 365 * DAY, newestReceivedMs: NOW + 365 * DAY, last: horizon('2026-03-01') },
      'waits',
    ],
    [
      'goes as far as that when somebody says so',
      {
        nowMs: NOW + 365 * DAY,
        newestReceivedMs: NOW + 365 * DAY,
        last: horizon('2026-03-01'),
        isAsked: true,
      },
      '2027-03-01',
    ],
    [
      'waits at first when clock and entries have jumped',
      { nowMs: NOW + 365 * DAY, newestReceivedMs: NOW + 365 * DAY, receivedDaysMs: JUMPED },
      'waits',
    ],
    [
      'waits with another number of days when clock and entries have jumped',
      {
        ...{ days: 3, last: horizon('2025-01-01', 400) },
        ...{ nowMs: NOW + 365 * DAY, newestReceivedMs: NOW + 365 * DAY, receivedDaysMs: JUMPED },
      },
      'waits',
    ],
    [
      'goes at first over a jump when somebody says so',
      {
        ...{ nowMs: NOW + 365 * DAY, newestReceivedMs: NOW + 365 * DAY, receivedDaysMs: JUMPED },
        isAsked: true,
      },
      '2027-03-01',
    ],
    [
      'goes at first over all that is old, and over a silence that was over before what is kept',
      { receivedDaysMs: [TODAY - 500 * DAY, TODAY - 60 * DAY, TODAY - 30 * DAY, TODAY] },
      '2026-03-01',
    ],
    [
      'goes as far as another number of days takes it',
      { days: 3, last: horizon('2025-01-01', 400) },
      '2026-03-28',
    ],
  ])('%s', (_, question, expected) => {
    expect(movesTo(question)).toBe(expected);
  });
});

describe('expiredBefore', () => {
  const [first, second] = [horizon('2026-03-01'), horizon('2026-03-05')];
  const at = (...days: string[]): number[] => days.map((day) => Date.parse(`${day}T12:00:00Z`));

  it.each<[string, number[], readonly Horizon[], number]>([
    ['takes a session that was silent since', at('2026-02-20', '2026-02-28'), [first], first.horizonMs],
    ['leaves one that went on', at('2026-02-20', '2026-03-01'), [first], 0],
    [
      'leaves what came later for a session that it took',
      at('2026-02-20', '2026-05-01'),
      [first],
      first.horizonMs,
    ],
    [
      'takes the whole of it when a later one comes',
      at('2026-02-20', '2026-03-02'),
      [first, second],
      second.horizonMs,
    ],
    ['has nothing to take twice', at('2026-05-01'), [first, second], 0],
  ])('%s', (_, received, horizons, expected) => {
    expect(expiredBefore(received, horizons)).toBe(expected);
  });

  it('comes to the same whether what was expired before is still there or not', () => {
    const day = fc.nat({ max: 120 }).map((n) => n * DAY + DAY / 2);
    const drawn = fc
      .uniqueArray(fc.nat({ max: 110 }), { minLength: 1, maxLength: 5 })
      .map((days) =>
        days.sort((a, b) => a - b).map((n) => ({ horizonMs: n * DAY, untilMs: (n + 10) * DAY, days: 10 })),
      );
    fc.assert(
      fc.property(fc.array(day, { maxLength: 12 }), drawn, (received, horizons) => {
        // As it goes: each horizon is drawn through what has come by then and was left by those before.
        const live = horizons.reduce(
          ({ left, seenMs }, one) => {
            const there = [...left, ...received.filter((ms) => seenMs < ms && ms <= one.untilMs)];
            return { left: there.filter((ms) => ms >= expiredBefore(there, [one])), seenMs: one.untilMs };
          },
          { left: [] as number[], seenMs: -1 },
        );
        const last = horizons.at(-1)?.untilMs ?? 0;
        const left = [...live.left, ...received.filter((ms) => ms > last)].sort((a, b) => a - b);
        const cut = expiredBefore(received, horizons);
        expect(received.filter((ms) => ms >= cut).sort((a, b) => a - b)).toEqual(left);
        expect(expiredBefore(left, horizons)).toBe(0);
      }),
    );
  });
});
