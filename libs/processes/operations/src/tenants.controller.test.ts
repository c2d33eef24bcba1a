import { Fault, tenantId } from '@heed/kernel';
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
      deadLetters: () => Promise.resolve({ total: 0, byReason: {}, waiting: 0, redriven: 0, rows: [] }),
      deadLetter: () => Promise.resolve(null),
      hasEvent: () => Promise.resolve(false),
      removeTenant: note('rows'),
    };
    const log = { ...inMemoryEventLog(), removeTenant: note('events') };
    const controller = new TenantsController(log, warehouse, note('fixes'), whilePaused);
    expect(await controller.remove(null, 'acme')).toEqual({ tenant: 'acme', removed: true });
    expect(did).toEqual(['fixes', 'pause', 'events', 'rows', 'go on', 'fixes']);
  });

  it('changes nothing where the log cannot do it', async () => {
    const fault = new Fault('log-cannot-remove', 'it keeps everything', 'delete its topics');
    const log = { ...inMemoryEventLog(), removesTenants: false, removeTenant: () => Promise.reject(fault) };
    const never = (): never => {
      throw new Error('nothing may be removed');
    };
    const warehouse: WarehouseReader = {
      counts: () => Promise.resolve([]),
      deadLetters: () => Promise.resolve({ total: 0, byReason: {}, waiting: 0, redriven: 0, rows: [] }),
      deadLetter: () => Promise.resolve(null),
      hasEvent: () => Promise.resolve(false),
      removeTenant: never,
    };
    const controller = new TenantsController(log, warehouse, never, never);
    await expect(controller.remove(null, 'acme')).rejects.toBe(fault);
  });

  it('leaves another tenant than that of the key alone', async () => {
    const never = (): never => {
      throw new Error('nothing may be removed');
    };
    const nothing: WarehouseReader = {
      counts: () => Promise.resolve([]),
      deadLetters: () => Promise.resolve({ total: 0, byReason: {}, waiting: 0, redriven: 0, rows: [] }),
      deadLetter: () => Promise.resolve(null),
      hasEvent: () => Promise.resolve(false),
      removeTenant: never,
    };
    const controller = new TenantsController(
      { ...inMemoryEventLog(), removeTenant: never },
      nothing,
      never,
      never,
    );
    await expect(controller.remove(tenantId('acme'), 'other')).rejects.toMatchObject({
      code: 'wrong-tenant',
    });
  });
});
