import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parseEvent, type CloudEvent } from '@heed/events';
import { describe, expect, it } from 'vitest';
import { checkColumns } from './check-columns.ts';
import { recordMapper } from './record-mapper.ts';
import { SHIPPED_MAPPINGS } from './shipped-mappings.ts';

const SHARED = process.env['HEED_SHARED'] ?? fileURLToPath(new URL('../../../../../shared', import.meta.url));
const DATA = `${SHARED}/data`;
const isMissing = !existsSync(DATA) && process.env['CI'] !== 'true';
if (isMissing)
  console.warn(
    `The real logs are not tried: there is no ${DATA}; set HEED_SHARED to the folder that holds data/`,
  );

const RECEIVED_MS = Date.UTC(2026, 0);
const REAL_FILES_MS = 30_000;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the Excite mapping', () => {
  const rows = (text: string) => text.trimEnd().split('\n').map(rowOf);

  it('reads user, time and query, and leaves out empty queries', () => {
    const events = mapped(
      'excite',
      rows('A\t970916105432\t+md foods\nB\t970916001949\tyahoo chat\nB\t970916001954\t\n'),
    );
    expect(events.map(({ time, subject, data }) => ({ time, subject, data }))).toEqual([
      {
        time: '1997-09-16T10:54:32.000Z',
        subject: 'A@1997-09-16T10:54:32.000Z',
        data: { turn: '1', user: 'A', request: { text: '+md foods' } },
      },
      {
        time: '1997-09-16T00:19:49.000Z',
        subject: 'B@1997-09-16T00:19:49.000Z',
        data: { turn: '2', user: 'B', request: { text: 'yahoo chat' } },
      },
    ]);
  });

  it('names the columns that it reads', () => {
    const mapping = mappingOf('excite');
    expect(checkColumns(mapping, mapping.columns ?? []).ok).toBe(true);
  });

  it.skipIf(isMissing)(
    'makes 3 968 turns in 1 068 sessions of the real log: its 533 empty queries are no turns',
    { timeout: REAL_FILES_MS },
    () => {
      const records = rows(read('excite_small/excite-small.log'));
      expect(records).toHaveLength(4501);
      const events = mapped('excite', records);
      expect(events).toHaveLength(4501 - 533);
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      expect(users(events)).toBeLessThanOrEqual(891);
      expect(sessions(events)).toBe(1068);
    },
  );

  it.skipIf(isMissing)(
    'would make the 1 108 sessions known of the real log if empty queries counted',
    { timeout: REAL_FILES_MS },
    () => {
      const records = rows(read('excite_small/excite-small.log')).map((row) => ({
        ...row,
        query: row.query || '-',
      }));
      expect(sessions(mapped('excite', records))).toBe(1108);
    },
  );
});

describe('the ConvAI2 mapping', () => {
  const dialog = [
    { sender: 'participant2', sender_class: 'Bot', text: 'Hey!', evaluation_score: 1 },
    { sender: 'participant1', sender_class: 'Human', text: 'Hi', evaluation_score: null },
    { sender: 'participant2', sender_class: 'Bot', text: 'I ski.', evaluation_score: 0 },
  ];

  it('reads dialogues with times, participants and thumbs', () => {
    const record = {
      dialog,
      start_time: '2018-07-09 08:06:08.322000',
      eval_score: 2,
      participant1_id: { class: 'User', user_id: 'User 7' },
      participant2_id: { class: 'Bot', user_id: 'Bot 1' },
    };
    const events = mapped('convai2', [record]);
    expect(events.map(({ type, data }) => [type, data])).toMatchObject([
      ['heed.turn.v1', { user: 'User 7', request: { text: '' }, response: { text: 'Hey!' } }],
      ['heed.reaction.v1', { turn: '1', user: 'User 7', kind: 'thumbs-up' }],
      ['heed.turn.v1', { user: 'User 7', request: { text: 'Hi' }, response: { text: 'I ski.' } }],
      ['heed.reaction.v1', { turn: '2', user: 'User 7', kind: 'thumbs-down' }],
      ['heed.rating.v1', { aspect: 'quality', value: 2 }],
      ['heed.outcome.v1', { name: 'success', value: false }],
    ]);
    expect(events[0]?.time).toBe('2018-07-09T08:06:08.322Z');
  });

  it('reads exports, which have an id but neither times nor thumbs', () => {
    const bare = dialog.map(({ sender, text }) => ({ sender, text }));
    const events = mapped('convai2', [{ dialog_id: '0x7', dialog: bare, eval_score: null }]);
    expect(events.map(({ subject, time }) => [subject, time])).toEqual([
      ['0x7', '2018-07-04T00:00:00.000Z'],
      ['0x7', '2018-07-04T00:00:20.000Z'],
    ]);
  });

  it.skipIf(isMissing)(
    'finds the thumbs and scores that the real dialogues are known to have',
    { timeout: REAL_FILES_MS },
    () => {
      const events = ['data_volunteers.json.gz', 'data_intermediate.json'].flatMap((file) =>
        mapped('convai2', dialoguesOf(file)),
      );
      const kinds = events.flatMap((event) =>
        event.type === 'heed.reaction.v1' && 'kind' in event.data ? [event.data.kind] : [],
      );
      expect(kinds.filter((kind) => kind === 'thumbs-up')).toHaveLength(1121);
      expect(kinds.filter((kind) => kind === 'thumbs-down')).toHaveLength(693);
      expect(ofType(events, 'heed.rating.v1')).toHaveLength(791);
      expect(sessions(events)).toBe(1402);
    },
  );

  it.skipIf(isMissing)('reads every dialogue of the real exports', { timeout: REAL_FILES_MS }, () => {
    const files = ['04_train.json', '05_train.json', '06_train.json.gz', '07_train.json.gz'];
    const events = files.flatMap((file) => mapped('convai2', dialoguesOf(`export_2018-07-${file}`)));
    expect(sessions(events)).toBe(3005);
    expect(ofType(events, 'heed.rating.v1')).toHaveLength(2919);
  });
});

function mapped(name: string, records: readonly unknown[]): readonly CloudEvent[] {
  const mapRecord = recordMapper(mappingOf(name), { sha256 });
  return records.flatMap((record, index) => {
    const events = mapRecord(record, { record: index });
    if (!events.ok) throw new Error(`record ${index + 1}: ${events.error.detail}`);
    const refused = events.value.find(
      (event) => !parseEvent(JSON.stringify(event), { receivedAtMs: RECEIVED_MS }).ok,
    );
    if (refused !== undefined) throw new Error(`record ${index + 1} became a dead letter: ${refused.id}`);
    return events.value;
  });
}

function mappingOf(name: string) {
  const mapping = SHIPPED_MAPPINGS.get(name);
  if (mapping === undefined) throw new Error(`there is no mapping ${name}`);
  return mapping;
}

function rowOf(line: string) {
  const [user = '', time = '', query = ''] = line.split('\t');
  return { user, time, query };
}

function read(file: string): string {
  const bytes = readFileSync(`${DATA}/${file}`);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

function dialoguesOf(file: string): readonly unknown[] {
  return JSON.parse(read(`convai2_wild/${file}`)) as readonly unknown[];
}

function ofType(events: readonly CloudEvent[], type: string) {
  return events.filter((event) => event.type === type);
}

function sessions(events: readonly CloudEvent[]): number {
  return new Set(events.map(({ subject }) => subject)).size;
}

function users(events: readonly CloudEvent[]): number {
  return new Set(events.map(({ data }) => ('user' in data ? data.user : undefined))).size;
}
