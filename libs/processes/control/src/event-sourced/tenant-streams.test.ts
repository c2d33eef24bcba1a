import { fixId, tenantId } from '@heed/kernel';
import { fixEventToStored, type FixEvent, type FixState, type StoredEvent } from '@heed/policies';
import { exampleProposal } from '@heed/testing';
import { expect, it } from 'vitest';
import { fixAggregate } from '../fix-register/fix-register.ts';
import { TenantStreams } from './tenant-streams.ts';

const by = { atMs: 0, who: 'ada', why: 'because' };
const { evidence, ...rewrite } = exampleProposal('a', 'b');
const proposed: FixEvent = {
  kind: 'fix-proposed',
  id: fixId('fix-1'),
  tenant: tenantId('t'),
  rewrite,
  evidence,
  ...by,
};
const stored = (version: number, position: number, event: FixEvent): StoredEvent => ({
  ...fixEventToStored(event),
  stream: 'fix/t/fix-1',
  version,
  position,
  recordedAtMs: 0,
});
const history = [
  stored(1, 10, proposed),
  stored(2, 20, { kind: 'fix-vetted', ...by }),
  stored(3, 30, { kind: 'fix-went-live', ...by }),
];
const statuses = (fixes: TenantStreams<FixState, FixEvent>): string[] =>
  [...fixes.all()].map(({ status }) => status).filter((status) => status !== 'none');

it('counts each event once, in whatever portions and however often they come', () => {
  const fixes = new TenantStreams(fixAggregate, 0);
  fixes.takeIn(history.slice(0, 2));
  fixes.takeIn(history);
  fixes.takeIn(history.slice(1));
  const [fix] = fixes.all();
  expect(fix).toMatchObject({ status: 'live', history: { length: 3 } });
  expect(fixes).toMatchObject({ position: 30 });
});

it('does not count again what this process appended itself', () => {
  const fixes = new TenantStreams(fixAggregate, 0);
  fixes.takeIn(history.slice(0, 2));
  const { state } = fixes.at('fix/t/fix-1');
  fixes.put('fix/t/fix-1', 3, { ...state, status: 'live' } as typeof state);
  fixes.takeIn(history);
  expect([...fixes.all()][0]).toMatchObject({ status: 'live', history: { length: 2 } });
});

it('forgets what came before the removal, and still knows the version to append at', () => {
  const fixes = new TenantStreams(fixAggregate, 25);
  fixes.takeIn(history.slice(0, 2));
  expect(statuses(fixes)).toEqual([]);
  expect(fixes.at('fix/t/fix-1').version).toBe(2);
  fixes.takeIn([stored(3, 30, proposed)]);
  expect(statuses(fixes)).toEqual(['proposed']);
});

it('passes over what was decided before the removal and recorded after it', () => {
  const fixes = new TenantStreams(fixAggregate, 25);
  fixes.takeIn(history);
  expect(statuses(fixes)).toEqual([]);
  expect(fixes.at('fix/t/fix-1').version).toBe(3);
  fixes.takeIn([stored(4, 40, proposed)]);
  expect(statuses(fixes)).toEqual(['proposed']);
});

it('says so where a history begins in its middle though nothing was removed', () => {
  const fixes = new TenantStreams(fixAggregate, 0);
  expect(() => fixes.takeIn(history.slice(1))).toThrow('history');
});
