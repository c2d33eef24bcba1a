import type { SeededRandom } from '@heed/kernel';

/** Texts that mean something to somebody on the way: SQL, paths, headers, shells, templates, prototypes, encodings. */
export const HOSTILE_TEXTS = [
  "'; DROP TABLE sessions; --",
  "' OR '1'='1",
  "\\'; SELECT sleep(10); --",
  "\\' UNION ALL SELECT * FROM system.tables --",
  '{x:String}{"a":1}',
  '$1 $$ $tag$ %s %n ?',
  '`; ALTER TABLE turns DELETE WHERE 1 --',
  '../../../../etc/passwd',
  '..%2f..%2f..%2fetc%2fpasswd',
  'C:\\Windows\\win.ini',
  'file:///etc/passwd',
  'x\r\nset-cookie: injected=1\r\n\r\n<html>',
  'x%0d%0aset-cookie: injected=1',
  '$(touch injected)',
  '`touch injected`',
  '{{7*7}} ${7*7} <%= 7*7 %>',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '\u2028\u2029\u0085',
  '\u202eright to left',
  'A\u030a\u0323',
  '\ud83d\ude00'.repeat(20),
  '\ufeff',
  'a\tb\nc',
  ' ',
  '',
] as const;

/** Texts that no store holds as they are. */
const BROKEN_TEXTS = ['\0', 'a\0b', '\ud800', 'x\udfff', '\uffff\ufffe'] as const;

const NUMBERS = [0, -0, -1, 1.5, 1e308, -1e308, 5e-324, 2 ** 53, 2 ** 63, -(2 ** 31) - 1, Number.MAX_VALUE];

/** Something that stands where something else should. */
export function hostileValue(random: SeededRandom): unknown {
  switch (random.below(10)) {
    case 0:
      return null;
    case 1:
      return random.pick([true, false]);
    case 2:
      return random.pick(NUMBERS);
    case 3:
      return random.pick(BROKEN_TEXTS);
    case 4:
      return 'x'.repeat(random.pick([513, 65_537, 70_000]));
    case 5:
      return nested(random.pick([5, 63, 64, 65, 500]), random.chance(0.5));
    case 6:
      return withPrototypeKeys(random);
    case 7:
      return Array.from({ length: random.pick([0, 1, 3000]) }, (_, index) => index);
    default:
      return random.pick(HOSTILE_TEXTS);
  }
}

function nested(depth: number, asList: boolean): unknown {
  let value: unknown = 'core';
  for (let level = 0; level < depth; level++) value = asList ? [value] : { a: value };
  return value;
}

/** `__proto__` as a key of its own, which is what JSON.parse makes of one in a text. */
function withPrototypeKeys(random: SeededRandom): unknown {
  const name = random.pick(['__proto__', 'constructor', 'prototype', 'toJSON', 'then', 'valueOf']);
  return Object.fromEntries([
    [name, random.pick([{ polluted: true }, 'polluted', null, { prototype: { polluted: true } }])],
  ]);
}
