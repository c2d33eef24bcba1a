import { logEntryOf } from '@heed/events';
import { tenantId } from '@heed/kernel';
import { jsonLog, sha256Hex } from '@heed/platform';
import { modelIdOf, type RewardModel } from '@heed/policies';
import { Projector, TenantDefectModels } from '@heed/projector';
import type { ReadableTurn } from '@heed/rewards';
import { ruleModels } from '@heed/sessions';
import { inMemoryEventLog } from '@heed/testing';
import {
  readWarehouseMigrations,
  WarehouseScoredLog,
  WarehouseSessionStore,
  type Warehouse,
} from '@heed/warehouse';
import { openTemporaryWarehouse } from '@heed/warehouse-chdb';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const TENANT = tenantId('shop');
const NINE = Date.UTC(2026, 1, 1, 9);
const VERSION = 'd'.repeat(64);
const MODEL: RewardModel = {
  ...{
    id: modelIdOf('defect', VERSION),
    tenant: TENANT,
    name: 'defect',
    purpose: 'defect',
    version: VERSION,
  },
  ...{ featuresVersion: '1', trainedAtMs: 0, card: 'c', gates: [], status: 'live', stale: null, history: [] },
};
const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../migrations/clickhouse', import.meta.url)),
);
let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await openTemporaryWarehouse(migrations);
});
afterAll(() => warehouse.close());

let ids = 0;
const event = (afterMs: number, type: string, data: object): object => ({
  ...{ specversion: '1.0', id: `e-${String(ids++)}`, source: '/shop', subject: 's' },
  ...{ type: `heed.${type}.v1`, time: new Date(NINE + afterMs).toISOString(), data },
});
/** Answered twice, and reacted to in between, by what no outcome is decided by. */
const SENT = [
  event(0, 'turn', { turn: 't0', user: 'u', request: { text: 'play jazz' } }),
  event(1000, 'response', { turn: 't0', response: { text: 'Playing polka.' } }),
  event(2000, 'reaction', { turn: 't0', user: 'u', kind: 'wow' }),
  event(3000, 'behaviour', { turn: 't0', user: 'u', kind: 'regenerated' }),
  event(4000, 'response', { turn: 't0', response: { text: 'Playing jazz.' } }),
  event(60_000, 'turn', { turn: 't1', user: 'u', request: { text: 'and louder' } }),
];

it('a model in force reads a turn that was answered twice as it does when the log is scored', async () => {
  const judged: (readonly ReadableTurn[])[] = [];
  const defects = new TenantDefectModels({
    live: { live: () => Promise.resolve(new Map([[TENANT, [MODEL]]])) },
    models: { find: () => Promise.resolve(MODEL) },
    cards: { card: () => Promise.resolve({ rules: { replacesRules: true, threshold: 0.5 } }) },
    scorers: {
      score: (_, __, turns) => {
        judged.push(turns);
        const logits = new Float64Array(turns.length);
        return Promise.resolve({ logits, probabilities: logits });
      },
    },
    journal: jsonLog('error', () => undefined),
  });
  const log = inMemoryEventLog();
  const projector = new Projector(
    log,
    new WarehouseSessionStore(warehouse),
    { models: ruleModels, defects, maxBatch: 100 },
    jsonLog('error', () => undefined),
  );
  projector.start();
  await log.append(
    SENT.map(
      (one) =>
        logEntryOf({ tenant: TENANT, receivedAtMs: NINE, body: JSON.stringify(one) }, { sha256: sha256Hex })
          .entry,
    ),
  );
  await projector.whenCaughtUp();
  await projector.shutDown();
  await log.close();

  const scored: (ReadableTurn | null)[] = [];
  for await (const { unscored } of new WarehouseScoredLog(warehouse).read(TENANT, MODEL.id, {}, 'aftermath'))
    scored.push(...unscored.flatMap(({ turns }) => turns));
  expect(scored.map((turn) => turn?.response)).toEqual(['Playing jazz.', undefined]);
  expect(judged.at(-1)).toEqual(scored.filter((turn) => turn !== null));
});
