import { tenantId, type TenantId } from '@heed/kernel';
import { modelIdOf } from '@heed/policies';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { readWarehouseMigrations, type Warehouse } from '@heed/warehouse';
import { openTemporaryWarehouse } from '@heed/warehouse-chdb';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LearningHouse } from './forgetting/learning-house.ts';
import { loveLog } from './love-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'heed-erased-while-training-'));
const dataDir = mkdtempSync(join(tmpdir(), 'heed-erased-while-training-data-'));
let postgres: EmbeddedPostgres;
let warehouse: Warehouse;
let house: LearningHouse;
let tenants = 0;
let tenant: TenantId;

beforeAll(async () => {
  const migrations = fileURLToPath(new URL('../../../migrations/clickhouse', import.meta.url));
  postgres = await openEmbeddedPostgres({ dataDir });
  warehouse = await openTemporaryWarehouse(readWarehouseMigrations(migrations));
  house = new LearningHouse(postgres, warehouse, folder);
});
afterAll(async () => {
  await house.close();
  await warehouse.close();
  await postgres.close();
  for (const made of [folder, dataDir]) rmSync(made, { recursive: true, force: true });
});
beforeEach(async () => {
  tenant = tenantId(`shop-${String(tenants++)}`);
  const log = { answers: 1500, name: tenant, startMs: Date.UTC(2026, 1, 1), users: 60 };
  await house.take(tenant, loveLog(log));
});

const erase = (): Promise<unknown> => house.erase(tenant, 'u-3');

describe('a user whose erasure', () => {
  it('was carried out before anything was read is in no model', async () => {
    await erase();
    const card = await house.train(tenant, 1);
    expect((await house.model(tenant, card)).stale).toBeNull();
  });

  it('is carried out while the model is trained leaves it stale from the beginning', async () => {
    house.whenTrained = erase;
    const model = await house.model(tenant, await house.train(tenant, 1));
    expect(model.stale).toMatchObject({ because: 'erasure', who: 'heed' });
    expect(model.history.map(({ status, stale }) => [status, stale])).toEqual([
      ['trained', undefined],
      [expect.stringMatching(/passed|refused/), undefined],
      [expect.stringMatching(/passed|refused/), true],
    ]);
  });

  it('touched nothing that the model learnt from leaves it fresh', async () => {
    house.whenTrained = () => house.erase(tenant, 'nobody');
    expect((await house.model(tenant, await house.train(tenant, 1))).stale).toBeNull();
  });

  it('was asked for before it was read, and is carried out while the model is trained, leaves it stale', async () => {
    await house.eraseInVain(tenant, 'u-3');
    house.whenTrained = () => house.carryOutPending();
    expect((await house.model(tenant, await house.train(tenant, 1))).stale).not.toBeNull();
  });

  it('comes between the look at erasures and the record leaves it stale', async () => {
    house.whenDecided = erase;
    expect((await house.model(tenant, await house.train(tenant, 1))).stale).not.toBeNull();
  });

  it.each(['beforeMarking', 'afterMarking'] as const)(
    'is halfway, %s, while the model is recorded leaves it stale',
    async (point) => {
      const halfway = Promise.withResolvers<undefined>();
      const recorded = Promise.withResolvers<undefined>();
      house[point] = () => {
        halfway.resolve(undefined);
        return recorded.promise;
      };
      const erased = { done: Promise.resolve<unknown>(undefined) };
      house.whenTrained = () => {
        erased.done = erase();
        return halfway.promise;
      };
      const card = await house.train(tenant, 1);
      recorded.resolve(undefined);
      await erased.done;
      expect((await house.model(tenant, card)).stale).not.toBeNull();
    },
  );

  it('comes after the record finds it', async () => {
    const { model } = await house.train(tenant, 1);
    expect(await house.erase(tenant, 'u-3')).toMatchObject({ modelsMarkedStale: [model] });
  });
});

const files = (): readonly string[] =>
  readdirSync(join(folder, 'models'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.startsWith(`${tenant}/`),
  );

describe('a tenant that is removed while its model is trained', () => {
  it('has none, and nothing of it is kept', async () => {
    house.whenTrained = () => house.removeTenant(tenant);
    await expect(house.train(tenant, 1)).rejects.toMatchObject({ code: 'tenant-removed' });
    expect(await house.models.all(tenant)).toEqual([]);
    expect(files()).toEqual([]);
  });

  it('has none either when that comes just before the record', async () => {
    house.whenDecided = () => house.removeTenant(tenant);
    await expect(house.train(tenant, 1)).rejects.toMatchObject({ code: 'tenant-removed' });
    expect(await house.models.all(tenant)).toEqual([]);
    expect(files()).toEqual([]);
  });

  it('keeps what it began again with', async () => {
    const card = await house.train(tenant, 1);
    await house.removeTenant(tenant);
    expect((await house.train(tenant, 1)).model).toBe(card.model);
    expect((await house.models.all(tenant)).map(({ id }) => id)).toEqual([card.model]);
  });
});

describe('a model whose name belongs to models of another purpose', () => {
  const recordDefectModel = async (): Promise<void> => {
    const version = 'd'.repeat(64);
    const gates = [{ gate: 'calibrated', passed: true, says: 'it is' }];
    const facts = {
      id: modelIdOf('love', version),
      tenant,
      name: 'love',
      purpose: 'defect',
      version,
    } as const;
    const by = { atMs: 0, who: 'ada', why: 'trained' };
    await house.models.trained(
      { ...facts, featuresVersion: 'grams-1', trainedAtMs: 0, card: 'c'.repeat(64), gates },
      by,
    );
  };
  const taken = { code: 'model-name-taken', remedy: 'Give it a name of its own with --name.' };

  it('is refused before anything is done for it', async () => {
    await recordDefectModel();
    let trained = 0;
    house.whenTrained = () => Promise.resolve(trained++);
    await expect(house.train(tenant, 1)).rejects.toMatchObject(taken);
    house.whenTrained = undefined;
    expect(trained).toBe(0);
  });

  it('leaves nothing behind where they took it while it was trained', async () => {
    house.whenTrained = recordDefectModel;
    await expect(house.train(tenant, 1)).rejects.toMatchObject(taken);
    expect((await house.models.all(tenant)).map(({ purpose }) => purpose)).toEqual(['defect']);
    expect(files()).toEqual([]);
  });
});

it('is fresh again once what is left comes to the same file, with the card of now', async () => {
  const first = await house.train(tenant, 1);
  const id = (await house.model(tenant, first)).id;
  const by = { atMs: 0, who: 'heed', why: 'taken for one that leans on it' };
  await house.models.markStale(tenant, [id], { because: 'erasure', events: ['one'] }, by);
  const again = await house.train(tenant, 1);
  expect(again).toEqual({ ...first, trainedAt: again.trainedAt });
  expect(again.trainedAt).not.toBe(first.trainedAt);
  expect((await house.model(tenant, again)).stale).toBeNull();
  expect(await house.files.card(tenant, id)).toEqual(again);
});

it('has a card again where it was damaged, once it is trained again', async () => {
  const { model } = await house.train(tenant, 1);
  writeFileSync(join(folder, 'models', tenant, `${model}.json`), '{"card":');
  await house.train(tenant, 1);
  expect(await house.files.card(tenant, model)).toMatchObject({ model });
});
