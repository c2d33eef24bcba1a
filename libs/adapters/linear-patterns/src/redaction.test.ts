import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseEvent } from '@heed/events';
import { parseRedactionRules, redactBody, type RedactionRules } from '@heed/redaction';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearPattern } from './linear-pattern.ts';

const receivedAtMs = Date.UTC(2026, 3, 1);

function rulesOf(file: unknown): RedactionRules {
  const rules = parseRedactionRules(file, linearPattern);
  if (!rules.ok) throw new Error(rules.error.join('; '));
  return rules.value;
}

const ORDINARY = {
  builtIn: ['email', 'phone', 'payment-card', 'iban', 'ip', 'api-key'],
  patterns: [{ name: 'ticket', pattern: 'TCK-[0-9]+', ignoreCase: true }],
  fields: [
    { name: 'address', field: 'attributes.address' },
    { name: 'pin', field: 'pin' },
  ],
};
const RULES = rulesOf(ORDINARY);

/** Hostile to doing it twice: they match what markers consist of, what stands beside one, and what a marker brings forth. */
const AGAINST_MARKERS = rulesOf({
  ...ORDINARY,
  patterns: [
    ...ORDINARY.patterns,
    { name: 'beside', pattern: '.?\\[' },
    { name: 'word', pattern: '\\bsecret\\b' },
    { name: 'own', pattern: 'redacted' },
  ],
});

const event = (data: object, type = 'heed.turn.v1'): string =>
  JSON.stringify({
    specversion: '1.0',
    id: 'ann@example.com',
    source: '/ann@example.com',
    type,
    subject: 'ann@example.com',
    time: '2026-03-01T09:00:00Z',
    traceparent: 'ann@example.com',
    data,
  });

const turn = (text: string, more: object = {}): string => event({ turn: 't-1', request: { text }, ...more });
const textIn = (body: unknown): unknown =>
  (JSON.parse(String(body)) as { data: { request: { text: unknown } } }).data.request.text;

describe('redactBody', () => {
  it('gives back the very same when nothing matches', () => {
    const text = '{ "data" : {"turn":"t","n":12345678901234567890, "n":1.0e0} ,"type":"heed.turn.v1"}';
    expect(redactBody(text, RULES)).toEqual({ body: text, redactions: new Map() });
    const bytes = Buffer.from(turn('play jazz'));
    expect(redactBody(bytes, RULES).body).toBe(bytes);
  });

  it('puts a marker for each match and leaves every other character', () => {
    const body = turn('TCK-1 of bob@example.com').replace('"turn":"t-1"', '"turn" : "t-1", "n": 1.00');
    const redacted = redactBody(body, RULES);
    expect(redacted.body).toBe(
      body.replace('TCK-1 of bob@example.com', '[redacted:ticket] of [redacted:email]'),
    );
    expect([...redacted.redactions]).toEqual([
      ['ticket', 1],
      ['email', 1],
    ]);
  });

  it('takes fields out by name and by path, with everything in them that is a text, a number or a boolean', () => {
    const more = {
      attributes: { address: 'Some Street 1', other: 'x', pin: 1234, 'home.address': 'kept' },
      stages: [
        {
          name: 'plan',
          input: { pin: [1, true, null, { deep: 'y' }] },
          output: { attributes: { address: 'kept' } },
        },
      ],
    };
    const { body } = redactBody(turn('hello', more), RULES);
    const { data } = JSON.parse(String(body)) as { data: typeof more };
    expect(data.attributes).toEqual({
      address: '[redacted:address]',
      other: 'x',
      pin: '[redacted:pin]',
      'home.address': 'kept',
    });
    expect(data.stages[0]).toEqual({
      name: 'plan',
      input: { pin: ['[redacted:pin]', '[redacted:pin]', null, { deep: '[redacted:pin]' }] },
      output: { attributes: { address: 'kept' } },
    });
  });

  it('renames keys that the sender made up, each to one of its own', () => {
    const { body } = redactBody(turn('x', { attributes: { 'a@b.example': 1, 'c@d.example': 2 } }), RULES);
    expect(JSON.parse(String(body))).toMatchObject({
      data: { attributes: { '[redacted:email]': 1, '[redacted:email]#2': 2 } },
    });
  });

  it('finds what stands behind an escape, and in a field that is there twice', () => {
    const body = turn('x').replace('"text":"x"', String.raw`"text":"bob\u0040example.com","text":"TCK-2"`);
    expect(redactBody(body, RULES).body).toBe(
      turn('x').replace('"text":"x"', '"text":"[redacted:email]","text":"[redacted:ticket]"'),
    );
  });

  it('leaves whom to forget in a request to forget', () => {
    const body = event({ user: 'ann@example.com' }, 'heed.erasure.v1');
    expect(redactBody(body, RULES).body).toBe(body);
  });

  it('takes a text whole whose first match brings forth others without end', () => {
    const rules = rulesOf({ patterns: [{ name: 'eats', pattern: '\\bx' }] });
    const { body } = redactBody(turn('x'.repeat(1000)), rules);
    expect(textIn(body)).toBe('[redacted:eats]');
  });

  it('lets no text grow past what its field may hold', () => {
    const rules = rulesOf({ patterns: [{ name: 'letter', pattern: 'a' }] });
    const { body } = redactBody(turn('ab'.repeat(30_000)), rules);
    expect(textIn(body)).toBe('[redacted:letter]');
  });

  it('is through in bounded time with patterns whose every look goes to the end', () => {
    const rules = rulesOf({
      patterns: [
        { name: 'nested', pattern: '(a+)+$' },
        { name: 'far', pattern: 'a.*b|a' },
      ],
    });
    const { body } = redactBody(turn('a'.repeat(1_000_000)), rules);
    expect(textIn(body)).toMatch(/^\[redacted:(?:nested|far)\]$/);
  });

  it('looks at the text itself where it is no JSON, and for fields as they are written there', () => {
    const { body } = redactBody('{"data":{"text":"bob@example.com","pin": "12\\"34", "address":12,', RULES);
    expect(body).toBe('{"data":{"text":"[redacted:email]",[redacted:pin], [redacted:address],');
  });

  it('keeps bytes that are no UTF-8 to the byte around a match', () => {
    const { body } = redactBody(
      Buffer.concat([Buffer.of(0xff), Buffer.from(' bob@example.com '), Buffer.of(0xfe)]),
      RULES,
    );
    expect(Buffer.from(body)).toEqual(
      Buffer.concat([Buffer.of(0xff), Buffer.from(' [redacted:email] '), Buffer.of(0xfe)]),
    );
  });

  it.each([
    ['a list', '["bob@example.com"]', '["[redacted:email]"]'],
    ['a text', '"bob@example.com"', '"[redacted:email]"'],
    [
      'an object that is no event',
      '{"mail":"bob@example.com","id":"bob@example.com"}',
      '{"mail":"[redacted:email]","id":"bob@example.com"}',
    ],
    ['data that is a text', '{"id":"e","data":"bob@example.com"}', '{"id":"e","data":"[redacted:email]"}'],
    [
      'a row that an import could not read',
      '{"heed.rejectedRow":{"file":"f","line":3,"problem":"p","row":{"mail":"bob@example.com"}}}',
      '{"heed.rejectedRow":{"file":"f","line":3,"problem":"p","row":{"mail":"[redacted:email]"}}}',
    ],
    [
      'a text where a number has to be',
      event({ turn: 't', request: { text: 'x' }, latencyMs: 'bob@example.com' }),
      event({ turn: 't', request: { text: 'x' }, latencyMs: '[redacted:email]' }),
    ],
  ])('redacts what will be a dead letter: %s', (_, body, expected) => {
    expect(redactBody(body, RULES).body).toBe(expected);
  });
});

const folder = fileURLToPath(new URL('../../../domain/events/golden', import.meta.url));
const goldens = readdirSync(folder).flatMap((file) => {
  const text = readFileSync(`${folder}/${file}`, 'utf8');
  return file.endsWith('.jsonl') ? text.trim().split('\n') : [text];
});

describe('every stored event of the golden files', () => {
  const keys = new Set<string>();
  for (const golden of goldens) JSON.parse(golden, (key, value: unknown) => (keys.add(key), value));
  const everything = rulesOf({
    patterns: [{ name: 'all', pattern: '(?s).+' }],
  });
  const everyField = rulesOf({
    fields: [...keys]
      .filter((key) => key !== '')
      .map((field, index) => ({ name: `field-${String(index)}`, field })),
  });

  it.each(goldens)('%#. is as good an event after all of it was taken out', (golden) => {
    const before = parseEvent(golden, { receivedAtMs });
    for (const rules of [everything, everyField]) {
      const { body, redactions } = redactBody(golden, rules);
      const after = parseEvent(body, { receivedAtMs });
      expect(after.ok).toBe(before.ok);
      if (!before.ok || !after.ok) continue;
      expect(redactions.size > 0).toBe(body !== golden);
      expect({ ...after.value, data: null }).toEqual({ ...before.value, data: null });
      const tie = (data: object): unknown => ('turn' in data ? data.turn : undefined);
      expect(tie(after.value.data)).toBe(tie(before.value.data));
    }
  });
});

/** Texts in which matches are likely, next to each other and to markers. */
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      'bob@example.com',
      'TCK-1',
      'tck-22',
      '4111 1111 1111 1111',
      '[',
      'secret',
      'Xsecret',
      '[redacted:email]',
      '[redacted:',
    ],
    ...[
      ']',
      ' ',
      'redacted',
      '+49 30 901820',
      'é😀',
      '\ud800',
      '\\',
      '"',
      '192.168.0.1',
      'DE89370400440532013000',
      '@',
    ],
  ),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
const data = fc.record(
  {
    turn: text,
    user: text,
    request: fc.record({ text }),
    attributes: fc.dictionary(text, fc.oneof(text, fc.double(), fc.boolean())),
    stages: fc.array(fc.record({ name: text, input: fc.jsonValue(), output: text })),
    pin: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

describe('any event', () => {
  it.each([RULES, AGAINST_MARKERS])(
    '%#. changes no more when it is done again, and nothing outside the data',
    (rules) => {
      fc.assert(
        fc.property(data, (given) => {
          const body = event(given);
          const once = redactBody(body, rules);
          expect(redactBody(once.body, rules)).toEqual({ body: once.body, redactions: new Map() });
          expect(redactBody(body, rules)).toEqual(once);
          const outside = (from: unknown): unknown => ({
            ...(JSON.parse(String(from)) as object),
            data: null,
          });
          expect(outside(once.body)).toEqual(outside(body));
        }),
        { numRuns: 500 },
      );
    },
  );

  it('holds no match any more where one may be taken out', () => {
    fc.assert(
      fc.property(text, (given) => {
        const left = String(textIn(redactBody(turn(given), AGAINST_MARKERS).body)).replaceAll(
          /\[redacted:[a-z-]+\]/g,
          '\n',
        );
        for (const { pattern } of AGAINST_MARKERS.patterns.rules.filter(({ name }) => name !== 'word'))
          expect([...pattern.spans(left)]).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('is treated the same as any other text when it is cut off', () => {
    fc.assert(
      fc.property(data, fc.nat(), (given, at) => {
        const whole = event(given);
        const once = redactBody(whole.slice(0, at % whole.length), AGAINST_MARKERS);
        expect(redactBody(once.body, AGAINST_MARKERS).body).toBe(once.body);
      }),
      { numRuns: 300 },
    );
  });
});

describe('parseRedactionRules', () => {
  it.each<[string, unknown, RegExp]>([
    ['no object', [], /the file: .*expected object/i],
    ['an unknown key', { pattern: [] }, /pattern/],
    ['an unknown built-in', { builtIn: ['mail'] }, /builtIn\.0/],
    [
      'a pattern that is none',
      { patterns: [{ name: 'x', pattern: '(' }] },
      /rule "x" is no RE2 expression: .*missing/,
    ],
    [
      'what takes more than linear time',
      { patterns: [{ name: 'x', pattern: '(?=a)b' }] },
      /rule "x" is no RE2/,
    ],
    ['a reference back', { patterns: [{ name: 'x', pattern: '(a)\\1' }] }, /rule "x"/],
    ['a count too large', { patterns: [{ name: 'x', pattern: '((a{100}){100}){100}' }] }, /rule "x"/],
    [
      'a pattern too long',
      { patterns: [{ name: 'long', pattern: 'a'.repeat(3000) }] },
      /patterns\.0\.pattern \(rule "long"\)/,
    ],
    ['no name', { fields: [{ field: 'x' }] }, /fields\.0\.name/],
    ['a name for a marker to break on', { fields: [{ name: 'a]b', field: 'x' }] }, /rule "a\]b"/],
    [
      'a name twice',
      { patterns: [{ name: 'x', pattern: 'a' }], fields: [{ name: 'x', field: 'y' }] },
      /two rules "x"/,
    ],
    ['a name of a built-in', { patterns: [{ name: 'ip', pattern: 'a' }] }, /rule "ip"/],
    [
      'too many',
      { fields: Array.from({ length: 201 }, (_, i) => ({ name: `n${String(i)}`, field: 'x' })) },
      /fields: /,
    ],
  ])('refuses %s and says where', (_, file, says) => {
    const parsed = parseRedactionRules(file, linearPattern);
    expect(parsed.ok ? '' : parsed.error.join('\n')).toMatch(says);
  });

  it('tells everything that is wrong at once', () => {
    const patterns = [
      { name: 'x', pattern: '(' },
      { name: 'y', pattern: '[' },
    ];
    const parsed = parseRedactionRules({ patterns }, linearPattern);
    expect(parsed.ok ? [] : parsed.error).toHaveLength(2);
  });
});
