import { expect, it } from 'vitest';
import { mineRequest } from './mine.ts';

it.each(['2026-02-28', '2024-02-29', '2026-12-31'])('takes %s for a day', (since) => {
  expect(mineRequest.safeParse({ since }).success).toBe(true);
});

it.each(['2026-02-31', '2026-13-45', '2025-02-29', '2026-3-1', 'today'])('refuses %s as a day', (until) => {
  expect(mineRequest.safeParse({ until }).error?.issues[0]?.message).toBe('a UTC day as YYYY-MM-DD');
});
