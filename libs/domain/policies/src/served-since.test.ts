import { fixId, tenantId } from '@heed/kernel';
import { exampleProposal } from '@heed/testing';
import { expect, it } from 'vitest';
import { evolveFix, initialFix } from './evolve-fix.ts';
import type { FixEvent } from './fix.ts';
import { servedSinceMs } from './served-since.ts';

type Kind = Exclude<FixEvent['kind'], 'fix-proposed' | 'fix-evidence-renewed'>;

const by = { who: 'ada', why: 'because' };
const { evidence, ...rewrite } = exampleProposal('a', 'b');
const proposed: FixEvent = {
  kind: 'fix-proposed',
  id: fixId('fix-1'),
  tenant: tenantId('t'),
  rewrite,
  evidence,
  atMs: 0,
  ...by,
};

it.each<[since: number | undefined, moves: readonly Kind[]]>([
  [undefined, []],
  [undefined, ['fix-vetted']],
  [2, ['fix-vetted', 'fix-put-in-canary']],
  [3, ['fix-vetted', 'fix-put-in-canary', 'fix-went-live']],
  [2, ['fix-vetted', 'fix-went-live', 'fix-went-stale']],
  [undefined, ['fix-vetted', 'fix-went-live', 'fix-retired']],
  [5, ['fix-vetted', 'fix-went-live', 'fix-retired', 'fix-vetted', 'fix-went-live']],
])('a fix is served since %j after %j', (since, moves) => {
  const history = moves.map((kind, i): FixEvent => ({ kind, atMs: i + 1, ...by }));
  const fix = [proposed, ...history].reduce(evolveFix, initialFix);
  expect(fix.status !== 'none' && servedSinceMs(fix)).toBe(since);
});

it('is not moved by evidence that was renewed', () => {
  const events: readonly FixEvent[] = [
    proposed,
    { kind: 'fix-went-live', atMs: 1, ...by },
    { kind: 'fix-evidence-renewed', rewrite, evidence, atMs: 9, ...by },
  ];
  const fix = events.reduce(evolveFix, initialFix);
  expect(fix.status !== 'none' && servedSinceMs(fix)).toBe(1);
});
