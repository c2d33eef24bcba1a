import { describe, expect, it } from 'vitest';
import { untilItsTurn } from './until-its-turn.ts';

const patient = { lookEveryMs: 1, atMostMs: 1_000_000, nowMs: () => 0 };
const never = new AbortController().signal;

/** Says what it is told to say, one after the other, and counts how often it was asked. */
function busy(...answers: readonly boolean[]): { isBusy: () => boolean; asked: () => number } {
  let asked = 0;
  return { isBusy: () => answers[asked++] ?? false, asked: () => asked };
}

describe('giving way', () => {
  it('waits as long as the others are busy', async () => {
    const { isBusy, asked } = busy(false, true, true, false);
    await untilItsTurn({ ...patient, isBusy }, never);
    expect(asked()).toBe(4);
  });

  it('does not count what was before: that was his own work', async () => {
    const { isBusy, asked } = busy(true, false);
    await untilItsTurn({ ...patient, isBusy }, never);
    expect(asked()).toBe(2);
  });

  it('goes ahead after the longest time, however busy they are and however late the looks come', async () => {
    let asked = 0;
    let now = 0;
    await untilItsTurn(
      { ...patient, atMostMs: 10, isBusy: () => ++asked > 0, nowMs: () => (now += 3) },
      never,
    );
    expect(asked).toBe(5);
  });

  it('waits for nobody once it is told to stop', async () => {
    const stopping = new AbortController();
    const waiting = untilItsTurn({ ...patient, lookEveryMs: 1_000_000, isBusy: () => true }, stopping.signal);
    stopping.abort();
    await waiting;
  });
});
