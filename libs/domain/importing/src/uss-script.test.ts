import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseEvent, type HeedEvent } from '@heed/events';
import { describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../../../docs/import/uss-to-cloudevents.mjs', import.meta.url));
const SHARED = process.env['HEED_SHARED'] ?? fileURLToPath(new URL('../../../../../shared', import.meta.url));
const USS = `${SHARED}/data/uss`;
const isMissing = !existsSync(USS) && process.env['CI'] !== 'true';
if (isMissing)
  console.warn(
    `The real USS files are not tried: there is no ${USS}; set HEED_SHARED to the folder that holds data/`,
  );

const sample = [
  '',
  'SYSTEM\tDo you like Thor?\tASK\t',
  "USER\tNo, I don't.\tANSWER\t3,2,2",
  'SYSTEM\tWhy?\tASK\t',
  'SYSTEM\tTell me.\tASK\t',
  'USER\tToo loud.\tANSWER\t2,2,2',
  'USER\tOVERALL\t\t2,3,2',
  '',
  '',
  'USER\thello\tGREET\t3',
  'USER\tOVERALL\t\t4,3',
].join('\n');

describe('the USS script', () => {
  it('writes turns, a rating for every rater, and how the dialogue ended', () => {
    const { events } = run(['-'], sample);
    expect(events.map(({ session, name, data }) => [session, name, data])).toMatchObject([
      ['uss-stdin-1', 'turn', { turn: '1', request: { text: '' }, response: { text: 'Do you like Thor?' } }],
      [
        'uss-stdin-1',
        'turn',
        { turn: '2', request: { text: "No, I don't." }, response: { text: 'Why?\nTell me.' } },
      ],
      ['uss-stdin-1', 'rating', { turn: '2', aspect: 'satisfaction', value: 3, scale: { min: 1, max: 5 } }],
      ['uss-stdin-1', 'rating', { turn: '2', value: 2 }],
      ['uss-stdin-1', 'rating', { turn: '2', value: 2 }],
      ['uss-stdin-1', 'turn', { turn: '3', attributes: { action: 'ANSWER', syntheticTime: true } }],
      ['uss-stdin-1', 'rating', { turn: '3', value: 2 }],
      ['uss-stdin-1', 'rating', { turn: '3', value: 2 }],
      ['uss-stdin-1', 'rating', { turn: '3', value: 2 }],
      ['uss-stdin-1', 'rating', { value: 2 }],
      ['uss-stdin-1', 'rating', { value: 3 }],
      ['uss-stdin-1', 'rating', { value: 2 }],
      ['uss-stdin-1', 'outcome', { name: 'success', value: false }],
      ['uss-stdin-2', 'turn', { turn: '1', request: { text: 'hello' } }],
      ['uss-stdin-2', 'rating', { turn: '1', value: 3 }],
      ['uss-stdin-2', 'rating', { value: 4 }],
      ['uss-stdin-2', 'rating', { value: 3 }],
      ['uss-stdin-2', 'outcome', { name: 'success', value: true }],
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(run(['-'], sample).events).toEqual(events);
  });

  it('names the line of a row that it cannot read and goes on', () => {
    const { events, stderr, status } = run(
      ['-'],
      'USER\thi\tA\t3\nBOB\thi\tA\t\nUSER\thi\tA\t9\nUSER\tbye\tA\t3\n',
    );
    expect(stderr).toContain('line 2: it begins neither with USER nor with SYSTEM');
    expect(stderr).toContain('line 3: a rating is not a number from 1 to 5');
    expect(events.map(({ name }) => name)).toEqual(['turn', 'rating', 'turn', 'rating']);
    expect(status).toBe(0);
  });

  it('says how it is used, and which file cannot be read', () => {
    expect(run([], '')).toMatchObject({ status: 2, stderr: expect.stringContaining('usage:') as string });
    expect(run(['no-such-file.gz'], '')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no-such-file.gz cannot be read') as string,
    });
  });

  it.skipIf(isMissing)(
    'finds the dialogues and utterances that the real files are known to have',
    () => {
      for (const [file, dialogues, utterances] of [
        ['CCPE', 500, 6360],
        ['SGD', 1000, 12_833],
      ] as const) {
        const { events } = run([`${USS}/${file}.txt.gz`], '');
        expect(new Set(events.map(({ session }) => session)).size).toBe(dialogues);
        const asked = events.filter((event) => event.name === 'turn' && event.data.request.text !== '');
        expect(asked).toHaveLength(utterances);
      }
    },
    30_000,
  );
});

function run(args: readonly string[], input: string) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [SCRIPT, ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const events = stdout.split('\n').filter((line) => line !== '');
  return { events: events.map(eventOf), stderr, status };
}

function eventOf(line: string): HeedEvent {
  const event = parseEvent(line, { receivedAtMs: Date.UTC(2026, 0) });
  if (!event.ok) throw new Error(event.error.detail);
  return event.value;
}
