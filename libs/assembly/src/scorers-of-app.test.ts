import 'reflect-metadata';
import { tenantId } from '@heed/kernel';
import { EncoderFolders } from '@heed/onnx';
import { MODEL_SCORERS } from '@heed/platform';
import type { ModelScorers } from '@heed/rewards';
import { NestFactory } from '@nestjs/core';
import { expect, it } from 'vitest';
import { PortsModule } from './ports.ts';
import { scorersOfApp } from './scorers-of-app.ts';

it('lets the models go when the app ends', async () => {
  const reads: string[] = [];
  const scorers = scorersOfApp((_tenant, version) => {
    reads.push(version);
    return Promise.resolve(new Uint8Array());
  }, new EncoderFolders([]));
  const ports = PortsModule.over([{ provide: MODEL_SCORERS, useValue: scorers }]);
  const app = await NestFactory.createApplicationContext(ports, { logger: false });
  const asked = () => app.get<ModelScorers>(MODEL_SCORERS).score(tenantId('shop'), 'a-model', []);
  await expect(asked()).rejects.toMatchObject({ code: 'model-empty' });
  await app.close();
  await expect(scorers.score(tenantId('shop'), 'a-model', [])).rejects.toMatchObject({
    code: 'shutting-down',
  });
  expect(reads).toEqual(['a-model']);
});
