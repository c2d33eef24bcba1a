import { cloudEventOf, type CloudEvent } from '@heed/events';

const SESSIONS: readonly (readonly [times: number, chain: string, success: boolean])[] = [
  [6, 'AB', true],
  [2, 'ACB', true],
  [1, 'AC', false],
  [3, 'A', false],
  [10, 'B', true],
  [1, 'B', false],
  [3, 'CB', true],
  [2, 'C', false],
];

/** The test vector of the mining mathematics as 28 sessions of events, each with an outcome named `success`. */
export function testVectorEvents(): readonly CloudEvent[] {
  const events: CloudEvent[] = [];
  let session = 0;
  for (const [times, chain, success] of SESSIONS) {
    for (let n = 0; n < times; n++)
      events.push(...sessionEvents(`v-${String((session += 1))}`, chain, success));
  }
  return events;
}

function sessionEvents(session: string, chain: string, success: boolean): CloudEvent[] {
  const startMs = Date.UTC(2026, 1, 1, 9);
  const part = { session, source: '/vector', timeMs: startMs };
  const turns = Array.from(chain, (text, n) =>
    cloudEventOf({
      ...part,
      type: 'heed.turn.v1',
      id: `${session}-turn-${String(n)}`,
      timeMs: startMs + n * 10_000,
      data: { turn: `t${String(n)}`, user: `user-of-${session}`, request: { text } },
    }),
  );
  const outcome = cloudEventOf({
    ...part,
    type: 'heed.outcome.v1',
    id: `${session}-outcome`,
    timeMs: startMs + 60_000,
    data: { name: 'success', value: success },
  });
  return [...turns, outcome];
}
