import { tenantId } from '@heed/kernel';
import type { ModelCard } from '@heed/rewards';
import { readWarehouseMigrations, type Warehouse } from '@heed/warehouse';
import { openTemporaryWarehouse } from '@heed/warehouse-chdb';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defectLog } from './defect-log.ts';
import { JudgingHouse, PART_EVENTS, type JudgedTurn } from './judging-house.ts';

const TENANT = tenantId('shop');
const RULES = 'outcome-rules-1';
const STATED = ['outcome', 'rating', 'reaction'];
const folder = mkdtempSync(join(tmpdir(), 'heed-judging-'));
const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../migrations/clickhouse', import.meta.url)),
);

/** Sessions of which nobody stated anything. */
const unstated = (name: string): readonly object[] =>
  defectLog({ sessions: 150, name, startMs: Date.UTC(2026, 2, 1) }).filter(({ type }) =>
    ['heed.turn.v1', 'heed.behaviour.v1'].includes(type),
  );
/** One session in three parts. */
const long = (name: string): readonly object[] =>
  Array.from({ length: 2 * PART_EVENTS + 1 }, (_, n) => ({
    ...{
      specversion: '1.0',
      type: 'heed.turn.v1',
      id: `${name}-${String(n)}`,
      source: '/defect',
      subject: name,
    },
    time: new Date(Date.UTC(2026, 2, 2) + n * 60_000).toISOString(),
    data: {
      turn: `t${String(n)}`,
      request: { text: n % 2 === 0 ? 'hmm zilch' : 'ace, what else is new' },
      response: { text: 'Here it is.' },
    },
  }));
const of = (turns: readonly JudgedTurn[], name: string): readonly JudgedTurn[] =>
  turns.filter(({ session }) => session.startsWith(name));
const stated = (turns: readonly JudgedTurn[]): readonly unknown[] =>
  turns
    .filter(({ decidedBy }) => STATED.includes(decidedBy))
    .map(({ session, turn, outcome, probability, decidedBy }) => [
      session,
      turn,
      outcome,
      probability,
      decidedBy,
    ]);
const modelsOf = (turns: readonly JudgedTurn[]): readonly string[] => [
  ...new Set(turns.map(({ model }) => model)),
];

describe('a tenant whose model of failed turns beats the rules', () => {
  let warehouse: Warehouse;
  let house: JudgingHouse;
  let card: ModelCard;
  let byRules: readonly JudgedTurn[];

  /** How many sessions are compared otherwise than they would be derived now; all tables must be equal. */
  const verified = async (): Promise<number> => {
    const { tables, otherwiseJudged } = await house.replay('compare');
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
    return otherwiseJudged;
  };
  const unlabelledEnds = async (): Promise<number> => {
    await house.chains.recount(TENANT);
    return (await house.chains.totals(TENANT, {})).unlabelledEnds;
  };

  beforeAll(async () => {
    warehouse = await openTemporaryWarehouse(migrations);
    house = new JudgingHouse(TENANT, warehouse, migrations, folder);
    await house.take(defectLog({ sessions: 1500, name: 'first', startMs: Date.UTC(2026, 1, 1) }));
    card = await house.train(3);
  }, 120_000);
  afterAll(async () => {
    await house.close();
    await warehouse.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps the rules until the model is live', async () => {
    byRules = await house.turns();
    expect(card.rules?.replacesRules).toBe(true);
    expect(modelsOf(byRules)).toEqual([RULES]);
    expect(await unlabelledEnds()).toBeGreaterThan(0);
    expect(await verified()).toBe(0);
  }, 120_000);

  it('has the outcomes of new sessions by the live model, and those of the others as they were', async () => {
    await house.move(card, 'live');
    await house.take(unstated('second'));
    await house.take(long('endless'));
    const turns = await house.turns();
    expect(of(turns, 'first')).toEqual(byRules);
    const judged = of(turns, 'second');
    expect(modelsOf(judged)).toEqual([card.model]);
    expect(new Set(judged.map(({ decidedBy }) => decidedBy))).toEqual(new Set(['model']));
    const firstTurns = judged.filter(({ turn }) => turn === 't0');
    const failed = firstTurns.filter(({ outcome }) => outcome === 'defect').length / firstTurns.length;
    // A third of the turns fail, which no rule knows of.
    expect(failed).toBeGreaterThan(0.15);
    expect(failed).toBeLessThan(0.6);
  }, 120_000);

  it('has a session of several parts by it too, part by part', async () => {
    const turns = of(await house.turns(), 'endless');
    expect(new Set(turns.map(({ session }) => session)).size).toBe(3);
    expect(modelsOf(turns)).toEqual([card.model]);
    expect(new Set(turns.map(({ outcome }) => outcome))).toEqual(new Set(['success', 'defect']));
  });

  it('is compared session by session with what the model gives that the row names', async () => {
    expect(await verified()).toBe(1500);
  }, 120_000);

  it('has all by the model after a replay, but for what was stated, and mining counts by it', async () => {
    const before = await house.turns();
    expect((await house.replay('replace')).otherwiseJudged).toBe(0);
    const turns = await house.turns();
    expect(modelsOf(turns)).toEqual([card.model]);
    expect(stated(turns)).toEqual(stated(byRules));
    expect(of(turns, 'second')).toEqual(of(before, 'second'));
    expect(await unlabelledEnds()).toBe(0);
    expect(await verified()).toBe(0);
  }, 120_000);

  it('falls back on the rules for new sessions while the file is gone, and says so once', async () => {
    const file = join(folder, TENANT, `${card.file.sha256}.onnx`);
    await house.restart();
    renameSync(file, `${file}.away`);
    await house.take(unstated('third'));
    await house.take(unstated('fourth'));
    const turns = await house.turns();
    expect(modelsOf([...of(turns, 'third'), ...of(turns, 'fourth')])).toEqual([RULES]);
    expect(house.said.filter((line) => line.includes('defect-model-left-out'))).toHaveLength(1);
    expect(house.leftToRules).toBe(300);
    await expect(house.replay('compare')).rejects.toThrow(card.model);
    renameSync(`${file}.away`, file);
    expect(await verified()).toBe(300);
    await house.take(unstated('fifth'));
    expect(modelsOf(of(await house.turns(), 'fifth'))).toEqual([card.model]);
  }, 120_000);

  it('has what the rules gave again once the model is retired and the log replayed', async () => {
    await house.move(card, 'retire');
    await house.take(unstated('sixth'));
    expect(modelsOf(of(await house.turns(), 'sixth'))).toEqual([RULES]);
    await house.replay('replace');
    expect(of(await house.turns(), 'first')).toEqual(byRules);
    expect(await verified()).toBe(0);
  }, 120_000);
});
