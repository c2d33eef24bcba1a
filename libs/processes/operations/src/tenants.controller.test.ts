import { inMemoryEventLog } from '@heed/testing';
import type { WarehouseReader } from '@heed/sessions';
import { describe, expect, it } from 'vitest';
import { TenantsController, type PauseProjection } from './tenants.controller.ts';

describe('TenantsController', () => {
  it('removes events and rows while nothing is projected, and the fixes before', async () => {
    const did: string[] = [];
    const note = (what: string) => () => {
      did.push(what);
      return Promise.resolve();
    };
    const whilePaused: PauseProjection = async (work) => {
      did.push('pause');
      try {
        return await work();
      } finally {
        did.push('go on');
      }
    };
    const warehouse: WarehouseReader = {
      counts: () => Promise.resolve([]),
      deadLetters: () => Promise.resolve({ total: 0, byReason: {}, rows: [] }),
      deadLetter: () => Promise.resolve(null),
      removeTenant: note('rows'),
    };
    const log = { ...inMemoryEventLog(), removeTenant: note('events') };
    const controller = new TenantsController(log, warehouse, note('fixes'), whilePaused);
    expect(await controller.remove('acme')).toEqual({ tenant: 'acme', removed: true });
    expect(did).toEqual(['fixes', 'pause', 'events', 'rows', 'go on']);
  });
});
