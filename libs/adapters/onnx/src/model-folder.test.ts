import { exampleModel, modelFilesContract } from '@heed/testing';
import { tenantId } from '@heed/kernel';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { modelFolder } from './model-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'heed-models-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

modelFilesContract('a folder', () => Promise.resolve(modelFolder(join(folder, 'models'))));

it('leaves nothing unfinished behind, and nothing outside of the folder', () => {
  expect(readdirSync(folder)).toEqual(['models']);
  const names = readdirSync(join(folder, 'models'), { recursive: true, encoding: 'utf8' });
  expect(names.filter((name) => name.endsWith('.new'))).toEqual([]);
});

it('says which card is damaged', async () => {
  const models = modelFolder(join(folder, 'models'));
  const [tenant = ''] = readdirSync(join(folder, 'models'));
  writeFileSync(join(folder, 'models', tenant, 'cut.json'), '{"card":');
  await expect(models.card(tenantId(decodeURIComponent(tenant)), 'cut')).rejects.toMatchObject({
    code: 'model-card-damaged',
    message: expect.stringContaining('cut.json') as string,
  });
});

it('has a file whole again once its model is kept again', async () => {
  const models = modelFolder(join(folder, 'models'));
  const [tenant, model] = [tenantId('damaged'), exampleModel('love', 7)];
  await models.keep(tenant, model);
  const path = join(folder, 'models', tenant, `${model.card.file.sha256}.onnx`);
  truncateSync(path, 100);
  await models.keep(tenant, model);
  expect(readFileSync(path).equals(model.file)).toBe(true);
});
