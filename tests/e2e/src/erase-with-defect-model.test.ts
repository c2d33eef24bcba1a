import { erasureReport, modelView, replayReport, scoreLogReport } from '@heed/contract';
import { modelCard } from '@heed/rewards';
import { openChdbWarehouse } from '@heed/warehouse-chdb';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defectLog } from './defect-log.ts';
import { jsonlOf } from './love-log.ts';
import { caughtUp, postEvents } from './post-events.ts';
import { heedJson, startService, type Service } from './run-heed.ts';

/** One of those whose verdicts the model learns from, who says something of their own in a session with somebody else. */
const USER = 'u-3';
const SECRET = 'xylophonist-of-zwischenwasser';
const judged = z.object({ session: z.string(), turn: z.string(), decidedBy: z.string(), model: z.string() });

function turn(session: string, id: string, user: string, text: string, minute: number): object {
  const time = new Date(Date.UTC(2026, 2, 25, 9, minute)).toISOString();
  return {
    ...{ specversion: '1.0', id: `${session}-${id}`, source: '/test', type: 'heed.turn.v1' },
    ...{ subject: session, time },
    data: { turn: id, user, request: { text }, response: { text: `You said: ${text}.` } },
  };
}

describe('a user who is forgotten while a model of failed turns is live', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-erase-defect-'));
  const dataDir = join(folder, 'data');
  const at = ['--data', dataDir];
  let service: Service;
  let model: string;

  beforeAll(async () => {
    service = await startService(dataDir);
    const file = join(folder, 'log.jsonl');
    writeFileSync(file, jsonlOf(defectLog({ sessions: 1500, name: 'first', startMs: Date.UTC(2026, 1, 1) })));
    await heedJson(z.unknown(), ['import', file, ...at]);
    await caughtUp(service.url);
    const card = await heedJson(modelCard, ['train', 'defect', '--seed', '3', ...at]);
    model = card.model;
    expect(card.rules?.replacesRules).toBe(true);
    await heedJson(modelView, ['models', model, 'live', ...at]);
    await postEvents(service.url, [
      turn('shared', 't0', 'bob', 'play some jazz', 0),
      turn('shared', 't1', USER, SECRET, 1),
      turn('shared', 't2', 'bob', 'ace, what else is new', 2),
    ]);
    await caughtUp(service.url);
    await heedJson(scoreLogReport, ['score', 'defect', '--log', ...at]);
  }, 120_000);
  afterAll(async () => {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes the model stale with the reason, and leaves it live', async () => {
    const report = await heedJson(erasureReport, ['erase', USER, ...at]);
    expect(report.modelsMarkedStale).toEqual([model]);
    expect(report.sessions).toBeGreaterThan(1);
    expect(await heedJson(modelView, ['models', 'defect', ...at])).toMatchObject({
      ...{ model, status: 'live', besideRules: { replacesRules: true } },
      stale: { because: 'erasure', events: [expect.stringMatching(/./)], who: 'heed' },
    });
  });

  it('leaves sessions that a replay derives alike, by the model that they name', async () => {
    const { tables } = await heedJson(replayReport, ['replay', '--verify', ...at]);
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
  });

  it('leaves what comes then to the model, too, until another is in its place', async () => {
    await postEvents(service.url, [turn('later', 't0', 'bob', 'play some jazz', 30)]);
    await caughtUp(service.url);
    const { tables } = await heedJson(replayReport, ['replay', '--verify', ...at]);
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
  }, 60_000);

  it('has left nothing in sessions and scores, and those of others are judged by the model', async () => {
    await heedJson(scoreLogReport, ['score', 'defect', '--log', ...at]);
    await service.stop();
    const warehouse = await openChdbWarehouse(dataDir);
    try {
      const turns = await warehouse.query(
        judged,
        `SELECT session, turn, decidedBy, model FROM
           (SELECT session, turns.id AS turn, turns.outcome_decided_by AS decidedBy, outcome_model AS model
            FROM sessions FINAL ARRAY JOIN turns)
         WHERE session IN ('shared', 'later') ORDER BY session, turn`,
      );
      expect(turns).toEqual([
        { session: 'later', turn: 't0', decidedBy: 'model', model },
        { session: 'shared', turn: 't0', decidedBy: 'model', model },
        { session: 'shared', turn: 't2', decidedBy: 'model', model },
      ]);
      const left = await warehouse.query(
        z.object({ of: z.string(), rows: z.coerce.number() }),
        `SELECT 'turns of the user' AS of, countIf(has(turns.user, {user:String})) AS rows FROM sessions
         UNION ALL SELECT 'signals of the user', countIf(has(signals.user, {user:String})) FROM sessions
         UNION ALL SELECT 'words in sessions', countIf(position(toString(tuple(*)), {secret:String}) > 0) FROM sessions
         UNION ALL SELECT 'words in events', countIf(position(body, {secret:String}) > 0) FROM filed_events
         UNION ALL SELECT 'scores of turns', count() FROM turn_scores WHERE session = 'shared' AND turn = 't1'`,
        { user: USER, secret: SECRET },
      );
      expect(left).toHaveLength(5);
      expect(left.filter(({ rows }) => rows > 0)).toEqual([]);
      // The same questions find what others have: bob's words and scores beside those that are gone.
      const others = await warehouse.query(
        z.object({ of: z.string(), rows: z.coerce.number() }),
        `SELECT 'turns of another' AS of, countIf(has(turns.user, 'u-4')) AS rows FROM sessions
         UNION ALL SELECT 'words in sessions', countIf(position(toString(tuple(*)), 'what else is new') > 0) FROM sessions
         UNION ALL SELECT 'words in events', countIf(position(body, 'what else is new') > 0) FROM filed_events
         UNION ALL SELECT 'scores of turns', count() FROM turn_scores WHERE session = 'shared' AND turn = 't2'`,
      );
      expect(others).toHaveLength(4);
      expect(others.filter(({ rows }) => rows === 0)).toEqual([]);
    } finally {
      await warehouse.close();
    }
  });
});
