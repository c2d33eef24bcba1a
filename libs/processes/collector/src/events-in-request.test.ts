import { describe, expect, it } from 'vitest';
import { eventsInRequest } from './events-in-request.ts';

const texts = (type: string, body: string | Buffer, more: Record<string, string> = {}): string[] =>
  eventsInRequest({ 'content-type': type, ...more }, Buffer.from(body)).map((event) =>
    Buffer.from(event).toString('utf8'),
  );

describe('eventsInRequest', () => {
  it('takes a batch apart, each event with its own bytes', () => {
    expect(texts('application/cloudevents-batch+json', '[{"id": "ä"},\n{"id":"b"}]')).toEqual([
      '{"id": "ä"}',
      '{"id":"b"}',
    ]);
  });

  it('takes a structured event as it is, list or not', () => {
    expect(texts('application/cloudevents+json; charset=utf-8', '[1]')).toEqual(['[1]']);
  });

  it.each(['application/json', 'text/plain;charset=UTF-8'])('tells one event from a list in %s', (type) => {
    expect(texts(type, '{"id":"a"}')).toEqual(['{"id":"a"}']);
    expect(texts(type, '[{"id":"a"},{"id":"b"}]')).toHaveLength(2);
  });

  it('puts an event in binary mode together from its headers', () => {
    const [event = ''] = texts('application/json', '{"turn":"t"}', {
      'ce-specversion': '1.0',
      'ce-id': 'e%20%C3%A4',
    });
    expect(JSON.parse(event)).toMatchObject({ specversion: '1.0', id: 'e ä', data: { turn: 't' } });
  });

  it('keeps the data of binary mode byte for byte, however deep it is nested, and what is no JSON as a string', () => {
    const headers = { 'ce-specversion': '1.0' };
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const start = '{"specversion":"1.0","datacontenttype":"application/json","data":';
    expect(texts('application/json', deep, headers)).toEqual([`${start}${deep}}`]);
    expect(texts('application/json', 'no "json"', headers)).toEqual([`${start}"no \\"json\\""}`]);
    const [bytes] = eventsInRequest(
      { 'content-type': 'application/json', ...headers },
      Buffer.from([0x22, 0xff, 0x22]),
    );
    expect(bytes).toEqual(Buffer.concat([Buffer.from(start), Buffer.from([0x22, 0xff, 0x22, 0x7d])]));
  });

  it.each([
    ['application/xml', '<event/>', 'unsupported-media-type'],
    ['application/json', '', 'invalid-request'],
    ['application/cloudevents-batch+json', '[{', 'invalid-request'],
    ['application/cloudevents-batch+json', '{"id":"a"}', 'invalid-request'],
  ])('refuses %s with %j', (type, body, code) => {
    expect(() => texts(type, body)).toThrow(expect.objectContaining({ code }));
  });
});
