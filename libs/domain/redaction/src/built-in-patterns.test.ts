import { describe, expect, it } from 'vitest';
import { BUILT_IN_NAMES, BUILT_IN_PATTERNS } from './built-in-patterns.ts';

function found(name: (typeof BUILT_IN_NAMES)[number], text: string): readonly string[] {
  const pattern = BUILT_IN_PATTERNS[name];
  const spans = [...pattern.spans(text)].map(({ start, end }) => text.slice(start, end));
  if (spans.length > 0) expect(pattern.test(text)).toBe(true);
  return spans;
}

describe('built-in patterns', () => {
  it.each([
    [
      'email',
      'ask ann.o+x@mail.example.co.uk, or jürgen@müller.example.',
      ['ann.o+x@mail.example.co.uk', 'jürgen@müller.example'],
    ],
    ['email', '<bob@example.com> and @home, a@b', ['bob@example.com']],
    ['phone', 'call +49 (0)30 901820 or 0049 30 901820', ['+49 (0)30 901820', '0049 30 901820']],
    [
      'phone',
      'ring 030 901820 or (212) 555-0199 or 212.555.0199',
      ['030 901820', '(212) 555-0199', '212.555.0199'],
    ],
    ['phone', 'order 1234567, on 2026-03-01 at 09:00:00, for 1 200 000', []],
    ['payment-card', 'it is 4111 1111 1111 1111, not 4111 1111 1111 1112', ['4111 1111 1111 1111']],
    ['payment-card', '378282246310005 and 5555-5555-5555-4444', ['378282246310005', '5555-5555-5555-4444']],
    ['payment-card', 'table 12 4111 1111 1111 1111 35', ['4111 1111 1111 1111']],
    ['payment-card', 'received at 1772355600000, id 12345678901234567890', []],
    ['iban', 'to DE89 3704 0044 0532 0130 00 please', ['DE89 3704 0044 0532 0130 00']],
    ['iban', 'gb82west12345698765432; DE89370400440532013001', ['gb82west12345698765432']],
    ['iban', 'plan85 DE89370400440532013000', ['DE89370400440532013000']],
    ['ip', 'from 192.168.0.1, not 1.2.3.4.5 or 300.1.1.1', ['192.168.0.1']],
    [
      'ip',
      '2001:db8::1 and ::1 and 1:2:3:4:5:6:7:8 and ::ffff:10.0.0.1',
      ['2001:db8::1', '::1', '1:2:3:4:5:6:7:8', '::ffff:10.0.0.1'],
    ],
    ['ip', 'at 12:30:45, std::vector, a :: b', []],
    [
      'api-key',
      'key sk-abcdefghijklmnop1234 and AKIAIOSFODNN7EXAMPLE',
      ['sk-abcdefghijklmnop1234', 'AKIAIOSFODNN7EXAMPLE'],
    ],
    ['api-key', 'eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeK', ['eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeK']],
    ['api-key', 'task-force-of-the-year, disk-1234567890123456', []],
  ] as const)('%s in "%s"', (name, text, expected) => {
    expect(found(name, text)).toEqual(expected);
  });

  it('takes a private key whole, and what is left of one that breaks off', () => {
    const pem = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----';
    expect(found('api-key', `x ${pem} y`)).toEqual([pem]);
    expect(found('api-key', '-----BEGIN PRIVATE KEY-----\nMIIE')).toHaveLength(1);
  });

  // Quadratic ones would take minutes here, and the test would run into its limit of time.
  it.each(BUILT_IN_NAMES)('%s goes through a hostile megabyte', (name) => {
    const pieces = [
      'a',
      '1',
      '1 ',
      'a@',
      'eyJ',
      'eyJaaaaaaaa.',
      '0a:',
      '1.',
      '(0',
      '+1',
      'DE89',
      'sk-',
      '-----BEGIN PRIVATE KEY-----',
      'é.',
    ];
    for (const piece of pieces) found(name, piece.repeat(1_000_000 / piece.length));
  });
});
