import { sessionId, turnId, eventId } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { deriveSession } from './derive-session.ts';
import { withErased } from './erased-events.ts';
import { ruleModels } from './session-models.ts';

const session = sessionId('s-1');
const at = Date.UTC(2026, 2, 1, 9);
const left = deriveSession(
  [
    {
      position: 3,
      event: {
        ...{ name: 'turn', id: eventId('e-1'), session, source: '/t', timeMs: at },
        data: { turn: turnId('t-1'), request: { text: 'play jazz' } },
      },
    },
    {
      position: 4,
      event: {
        ...{ name: 'check', id: eventId('e-2'), session, source: '/t', timeMs: at },
        data: { turn: turnId('erased'), name: 'lint', passed: true },
      },
    },
  ],
  ruleModels,
);

describe('a session with erased events', () => {
  it('stores them, and what may be missing an erased turn is no orphan', () => {
    const after = withErased(left, session, [{ receivedAtMs: at }, { receivedAtMs: at }], ruleModels);
    expect(left).toMatchObject({ storedEvents: 1, orphans: [{ event: 'e-2' }] });
    expect(after).toEqual({ ...left, orphans: [], storedEvents: 4 });
  });

  it('is as it was when there are none', () => {
    expect(withErased(left, session, [], ruleModels)).toBe(left);
  });

  it('of which nothing is left is empty, on the day on which the last was received', () => {
    const erased = [{ receivedAtMs: at + 86_400_000 }, { receivedAtMs: at }];
    expect(withErased(undefined, session, erased, ruleModels)).toMatchObject({
      ...{ session, day: '2026-03-02', turns: [], orphans: [], storedEvents: 2 },
      chain: { steps: [], end: 'unlabelled' },
    });
  });
});
