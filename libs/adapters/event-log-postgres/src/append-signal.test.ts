import { describe, expect, it } from 'vitest';
import { AppendSignal } from './append-signal.ts';

const never = new AbortController().signal;
const longMs = 1_000_000;

describe('the append signal', () => {
  it('wakes everybody who waits for an append', async () => {
    const signal = new AppendSignal();
    const waiting = [1, 2].map(() => signal.beyond(signal.appends, longMs, never));
    signal.appended();
    await Promise.all(waiting);
  });

  it('does not sleep through what was appended before the wait began', async () => {
    const signal = new AppendSignal();
    const seen = signal.appends;
    signal.appended();
    await signal.beyond(seen, longMs, never);
  });

  it('wakes at the abort, before and during the wait', async () => {
    const signal = new AppendSignal();
    const stopping = new AbortController();
    const waiting = signal.beyond(signal.appends, longMs, stopping.signal);
    stopping.abort();
    await waiting;
    await signal.beyond(signal.appends, longMs, stopping.signal);
  });

  it('keeps nothing of waits that ended by time: an idle day must not cost memory', async () => {
    const signal = new AppendSignal();
    for (let wait = 0; wait < 50; wait++) await signal.beyond(signal.appends, 0, never);
    expect(signal.sleepers).toBe(0);
  });
});
