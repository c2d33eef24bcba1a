import {
  logScores,
  problem,
  replayReport,
  scoreLogReport,
  scoreLoveResponse,
  turnScore,
} from '@heed/contract';
import { modelCard } from '@heed/rewards';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonlOf, loveLog } from './love-log.ts';
import { caughtUp } from './post-events.ts';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

const folder = mkdtempSync(join(tmpdir(), 'heed-score-'));
const dataDir = join(folder, 'data');
const at = ['--data', dataDir];
const turns = ['Sure, here you go then: some jazz.', 'Sorry, I cannot do that: some jazz.', ''].map(
  (response) => ({ context: [{ role: 'user', text: 'play some jazz' }], response }),
);
const turnsFile = join(folder, 'turns.jsonl');
let service: Service;
let model: string;
let modelFile: string;

beforeAll(async () => {
  service = await startService(dataDir);
  writeFileSync(turnsFile, jsonlOf(turns));
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(): Promise<unknown> {
  const answer = await fetch(new URL('/v1/score/love', service.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ turns }),
  });
  return answer.json();
}

async function logScoresNow() {
  const answer = await fetch(new URL('/v1/train/models/love/score-log', service.url));
  return logScores.parse(await answer.json());
}

async function scores(of: string): Promise<readonly number[]> {
  const { code, stdout } = await heed(['score', of, '--input', turnsFile, ...at]);
  expect(code).toBe(0);
  return stdout
    .trim()
    .split('\n')
    .map((line) => turnScore.parse(JSON.parse(line)).score);
}

describe('scores by a model that was trained here', () => {
  it('are refused with the way to a model before there is one, and before it is live', async () => {
    expect(problem.parse(await ask())).toMatchObject({ status: 404, code: 'no-live-model' });
    const log = join(folder, 'log.jsonl');
    writeFileSync(log, jsonlOf(loveLog({ answers: 3000, name: 'first', startMs: Date.UTC(2026, 1, 1) })));
    await heedJson(z.unknown(), ['import', log, ...at]);
    await caughtUp(service.url);
    const rated = ['--positive', 'thumbs-up', '--negative', 'thumbs-down', '--seed', '3'];
    const card = await heedJson(modelCard, ['train', 'love', ...rated, ...at]);
    expect(card.gates.filter(({ passed }) => !passed)).toEqual([]);
    model = card.model;
    modelFile = join(dataDir, 'models', 'default', `${card.file.sha256}.onnx`);
    expect(problem.parse(await ask())).toMatchObject({ status: 409, code: 'model-not-live' });
    expect((await heed(['score', 'love', '--input', turnsFile, ...at])).code).toBe(3);
  });

  it('are the same over HTTP, of the command by name, by id, and of the command by the file', async () => {
    expect((await heed(['models', model, 'live', '--why', 'the test', ...at])).code).toBe(0);
    const answer = scoreLoveResponse.parse(await ask());
    expect(answer.model).toBe(model);
    const over = answer.scores.map(({ score }) => score);
    expect(over).toHaveLength(3);
    expect(over[0]).toBeGreaterThan((over[1] ?? 1) + 0.3);
    for (const name of ['love', model, modelFile])
      (await scores(name)).forEach((score, n) => expect(score).toBeCloseTo(over[n] ?? NaN, 6));
  });

  it('are given to the turns of the log once each, kept through a replay, and gone with whom they are of', async () => {
    const run = ['score', 'love', '--log', ...at];
    const first = await heedJson(scoreLogReport, run);
    expect(first).toMatchObject({
      model,
      turns: 3000,
      scored: 3000,
      scoredNow: 3000,
      leftOut: 0,
      waiting: 0,
    });
    expect(first.byDay.reduce((turns, day) => turns + day.turns, 0)).toBe(3000);
    expect(first.meanScore).toBeGreaterThan(0.2);
    expect(await heedJson(scoreLogReport, run)).toMatchObject({ scored: 3000, scoredNow: 0 });

    const replayed = await heedJson(replayReport, ['replay', '--verify', ...at]);
    expect(replayed.tables.filter(({ equal }) => equal !== true)).toEqual([]);
    expect(replayed.notOfTheLog).toEqual(['turn_scores']);
    await heedJson(replayReport, ['replay', ...at]);
    expect(await logScoresNow()).toMatchObject({ scored: 3000, waiting: 0 });

    const erased = await heedJson(z.object({ sessions: z.number().min(1) }), [
      ...['erase', 'u-1', '--reason', 'the test', ...at],
    ]);
    // Each session is of one user alone: its turn goes with them, and so does its score.
    const left = 3000 - erased.sessions;
    expect(await logScoresNow()).toMatchObject({ turns: left, scored: left, waiting: 0 });
    expect(await heedJson(scoreLogReport, run)).toMatchObject({ scored: left, scoredNow: 0 });
  });
});
