import { expect, it } from 'vitest';
import { shortId } from './short-id.ts';

const DIGEST = '021fb596db81e6d02bf3d2586ee3981fe519f275c0ac9ca76bbcf2ebb4097d96';

it.each([
  [`!unreadable:${DIGEST}`, '021fb596db81'],
  [`!conflicting-duplicate:${DIGEST}`, '021fb596db81'],
  ['e-17', 'e-17'],
  [`!event:!unreadable:${DIGEST}`, `!event:!unreadable:${DIGEST}`],
  [`unreadable:${DIGEST}`, `unreadable:${DIGEST}`],
])('the short id of %s is %s', (key, short) => {
  expect(shortId(key)).toBe(short);
});
