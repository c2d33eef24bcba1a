import { Fault } from '@heed/kernel';
import { NO_TRACING } from '@heed/telemetry';
import { inMemoryTracing } from '@heed/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tracedWarehouse } from './traced-warehouse.ts';
import type { Warehouse } from './warehouse.ts';

const warehouse: Warehouse = {
  database: 'heed',
  query: () => Promise.resolve([]),
  queryBinary: () => Promise.resolve(new Uint8Array()),
  insert: () => Promise.reject(new Fault('warehouse-full', 'The disk is full of secrets.', 'Make room.')),
  execute: () => Promise.resolve(),
  answers: () => Promise.resolve(),
  inDatabase: (database) => Promise.resolve({ ...warehouse, database }),
  close: () => Promise.resolve(),
};

describe('a traced warehouse', () => {
  it.each([
    ['SELECT count() FROM filed_events WHERE tenant = {tenant:String}', 'SELECT filed_events'],
    ['\n  WITH known AS (SELECT 1 FROM sessions) SELECT * FROM known', 'SELECT sessions'],
    ['ALTER TABLE transitions DROP PARTITION ({tenant:String}, {day:Date})', 'ALTER transitions'],
    ['CREATE TABLE IF NOT EXISTS turns (tenant String)', 'CREATE turns'],
    ['DELETE FROM redrives WHERE tenant = {tenant:String}', 'DELETE redrives'],
    ['SELECT 1', 'SELECT'],
  ])('tells of %j as %s, and of no value', async (sql, name) => {
    const tracing = inMemoryTracing();
    await tracedWarehouse(warehouse, tracing).query(z.unknown(), sql, { tenant: 'acme' });
    expect(tracing.spans.map((span) => span.name)).toEqual([name]);
    expect(JSON.stringify(tracing.spans)).not.toContain('acme');
  });

  it('tells of what fails by its code, and in which database', async () => {
    const tracing = inMemoryTracing();
    const copy = await tracedWarehouse(warehouse, tracing).inDatabase('heed_replay');
    await expect(copy.insert('sessions', ['tenant'], new Uint8Array(1))).rejects.toThrow('full of secrets');
    expect(tracing.spans).toMatchObject([
      {
        name: 'INSERT sessions',
        facts: { 'db.namespace': 'heed_replay' },
        ended: { failure: 'warehouse-full' },
      },
    ]);
    expect(JSON.stringify(tracing.spans)).not.toContain('secrets');
  });

  it('is the warehouse itself where nothing is traced', () => {
    expect(tracedWarehouse(warehouse, NO_TRACING)).toBe(warehouse);
  });
});
