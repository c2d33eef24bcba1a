import { tenantId } from '@heed/kernel';
import { expect, it } from 'vitest';
import { fixIdOf } from './fix-id.ts';

const tenant = tenantId('default');

it('is the same for the same pair, today and in every later version', () => {
  expect(fixIdOf(tenant, 'maj and dragons', 'imagine dragons')).toBe('fix-ffd28aa2bf9a8221');
});

it('differs by tenant, by direction and by where the texts divide', () => {
  const ids = [
    fixIdOf(tenant, 'a', 'b'),
    fixIdOf(tenantId('other'), 'a', 'b'),
    fixIdOf(tenant, 'b', 'a'),
    fixIdOf(tenant, 'a","b', ''),
    fixIdOf(tenant, 'ab', ''),
    fixIdOf(tenant, '', 'ab'),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});
