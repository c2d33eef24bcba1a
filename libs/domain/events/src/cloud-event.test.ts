import { expect, it } from 'vitest';
import { cloudEventOf } from './cloud-event.ts';
import { parseEvent } from './parse-event.ts';

it('builds events that parse to what they were built from', () => {
  const timeMs = Date.UTC(2026, 2, 1, 9, 0, 0, 5);
  const data = { turn: 't-1', kind: 'love' };
  const event = cloudEventOf({
    type: 'heed.reaction.v1',
    id: 'e-1',
    session: 's-1',
    source: '/sdk',
    timeMs,
    data,
  });
  expect(parseEvent(JSON.stringify(event), { receivedAtMs: timeMs })).toEqual({
    ok: true,
    value: { name: 'reaction', id: 'e-1', session: 's-1', source: '/sdk', timeMs, data },
  });
});
