import { problem, scoreLogReport, scoreResponse, turnScore } from '@heed/contract';
import { cloudEventOf } from '@heed/events';
import { laterFigures, modelCard, modelDrift, type ModelCard } from '@heed/rewards';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defectLog } from './defect-log.ts';
import { importLog, jsonlFile } from './import-log.ts';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

const START_MS = Date.UTC(2026, 1, 1);
const DAY_MS = 86_400_000;
/** Sessions that come in once the model is trained: in their last week enough users to tell drift by. */
const AFTERWARDS = 900;

const folder = mkdtempSync(join(tmpdir(), 'heed-defect-'));
const dataDir = join(folder, 'data');
const at = ['--data', dataDir];
let service: Service;

beforeAll(async () => {
  service = await startService(dataDir);
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(name: string, events: readonly unknown[]): string {
  return jsonlFile(folder, name, events);
}

async function importInto(tenant: string, events: readonly unknown[]): Promise<void> {
  await importLog(fileOf(`${tenant}.jsonl`, events), tenant, at, service.url);
}

describe('heed train defect, on a log of turns whose failing was stated', () => {
  const page = join(folder, 'card.html');
  const [failed, served] = ['hmm zilch', 'neat and now the weather'].map((next) => ({
    context: [{ role: 'user', text: 'play some jazz' }],
    response: 'Here it is.',
    next,
    behaviour: next.startsWith('hmm') ? ['interrupted'] : [],
    pauseMs: 30_000,
  }));
  const told = fileOf('told.jsonl', [failed, served]);
  let card: ModelCard;

  const scoresBy = async (model: string): Promise<readonly number[]> => {
    const { code, stdout } = await heed(['score', model, '--input', told, ...at]);
    expect(code).toBe(0);
    return stdout
      .trim()
      .split('\n')
      .map((line) => turnScore.parse(JSON.parse(line)).score);
  };
  const ask = async (model: string): Promise<unknown> => {
    const answer = await fetch(new URL('/v1/score', service.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, turns: [failed, served] }),
    });
    return answer.json();
  };

  beforeAll(async () => {
    await importInto('default', defectLog({ sessions: 2400, name: 'first', startMs: START_MS }));
    card = await heedJson(modelCard, ['train', 'defect', '--seed', '3', '--card', page, ...at]);
  });

  it('learns from outcomes, ratings and reactions what failed, by what the user said and did next', () => {
    expect(card.gates.filter(({ passed }) => !passed)).toEqual([]);
    expect(card).toMatchObject({ name: 'defect', purpose: 'defect', features: { reading: 'aftermath' } });
    // The second turn of each session is one of which nothing was stated.
    expect(card.counts).toMatchObject({ turns: 4800, reactions: 2400, examples: 2400 });
    expect(card.leftOut.otherReactions).toBe(2400);
    expect(card.evaluation.auroc).toBeGreaterThan(0.8);
  });

  it('says in its card how it does beside the rules of sessions, and what it reads', async () => {
    expect(card.rules).toMatchObject({ n: card.parts.test.n, beatsRules: true, replacesRules: true });
    expect(card.rules?.auroc.interval.low).toBeGreaterThan(0);
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('Beside the rules of sessions');
    expect(html).toContain('what the user said and did next');
    const { stdout } = await heed(['train', 'defect', '--seed', '3', ...at]);
    expect(stdout).toMatch(/^beside the rules of sessions, on \d+ turns +model +rules +above them +95 %$/m);
    expect(stdout).toContain('what the user said and did next');
    expect(stdout).toContain(card.rules?.why);
  });

  it('gives the same bytes for the same log and seed', async () => {
    const again = await heedJson(modelCard, ['train', 'defect', '--seed', '3', ...at]);
    expect(again).toEqual(card);
  });

  it('is judged on a file of later events beside the rules, and leaves out what it was trained on', async () => {
    const later = defectLog({ sessions: 400, name: 'later', startMs: START_MS + 30 * DAY_MS });
    const seen = defectLog({ sessions: 2400, name: 'first', startMs: START_MS }).slice(0, 200);
    const file = fileOf('later-file.jsonl', [...later, ...seen]);
    const figures = await heedJson(laterFigures, ['evaluate', card.model, '--from', file, ...at]);
    // Users of whom there are more than five are capped.
    expect(figures.n).toBeGreaterThan(390);
    expect(figures).toMatchObject({ model: card.model, rules: { n: figures.n, beatsRules: true } });
    expect(figures.trainedOn).toBeGreaterThan(40);
    expect(figures.auroc).toBeGreaterThan(0.8);
    const { stdout } = await heed(['evaluate', card.model, '--from', file, ...at]);
    expect(stdout).toContain(`beside the rules of sessions, on ${String(figures.n)} turns`);
  });

  it('is judged on what came in later, as on a file of the same', async () => {
    const none = await heed(['evaluate', card.model, ...at]);
    expect(none.code).toBe(3);
    expect(none.stderr).toContain('verdicts that count');
    const seen = fileOf(
      'seen.jsonl',
      defectLog({ sessions: 2400, name: 'first', startMs: START_MS }).slice(0, 40),
    );
    const noneInFile = await heed(['evaluate', card.model, '--from', seen, ...at]);
    expect(noneInFile.code).toBe(3);
    expect(noneInFile.stderr).toContain('verdicts that count');
    const later = defectLog({ sessions: AFTERWARDS, name: 'afterwards', startMs: START_MS + 30 * DAY_MS });
    await importInto('default', later);
    const figures = await heedJson(laterFigures, ['evaluate', card.model, ...at]);
    const byFile = await heedJson(laterFigures, [
      ...['evaluate', card.model, '--from', fileOf('same.jsonl', later), ...at],
    ]);
    const { n, auroc, rules } = byFile;
    expect(figures).toMatchObject({ n, auroc, rules, trainedOn: card.counts.examples });
    expect(n).toBeGreaterThan(0.95 * AFTERWARDS);
  });

  it('is watched by what it reads', async () => {
    const { stdout } = await heed(['drift', card.model, '--json', ...at]);
    const { verdict, turns, rows } = modelDrift.omit({ stale: true }).parse(JSON.parse(stdout));
    expect(verdict).toBe('fresh');
    expect(turns).toBeGreaterThanOrEqual(2 * 300);
    const watched = rows.map(({ name }) => name);
    expect(watched).toEqual(
      expect.arrayContaining(['score', 'next.logLength', 'logPause', 'did.interrupted']),
    );
  });

  it('scores the same by the file, by its name and over HTTP, once it is live', async () => {
    expect(problem.parse(await ask('defect'))).toMatchObject({ status: 409, code: 'model-not-live' });
    expect((await heed(['models', card.model, 'live', '--why', 'the test', ...at])).code).toBe(0);
    const answer = scoreResponse.parse(await ask('defect'));
    expect(answer).toMatchObject({ model: card.model, purpose: 'defect' });
    const over = answer.scores.map(({ score }) => score);
    expect(over[0]).toBeGreaterThan((over[1] ?? 1) + 0.3);
    const file = join(dataDir, 'models', 'default', `${card.file.sha256}.onnx`);
    for (const name of ['defect', card.model, file])
      (await scoresBy(name)).forEach((score, n) => expect(score).toBeCloseTo(over[n] ?? NaN, 6));
    const asLove = await fetch(new URL('/v1/score/love', service.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'defect', turns: [failed] }),
    });
    expect(problem.parse(await asLove.json())).toMatchObject({ status: 404, code: 'no-live-model' });
  });

  it('leaves what is live live where a training is refused', async () => {
    const { code, stderr } = await heed(['train', 'defect', '--positive', 'wow', ...at]);
    expect(code).toBe(3);
    expect(stderr).toContain('No turn is a positive example, one that failed');
    const view = z.object({ model: z.string(), status: z.string() });
    expect(await heedJson(view, ['models', 'defect', ...at])).toEqual({ model: card.model, status: 'live' });
  });

  it('scores the turns of the log, those of a session again in which something else was done by now', async () => {
    const run = ['score', 'defect', '--log', ...at];
    const all = 2 * (2400 + AFTERWARDS);
    const first = await heedJson(scoreLogReport, run);
    expect(first).toMatchObject({ model: card.model, turns: all, scored: all, scoredNow: all, waiting: 0 });
    expect(await heedJson(scoreLogReport, run)).toMatchObject({ scored: all, scoredNow: 0 });
    const copied = cloudEventOf({
      ...{ session: 'first-7', source: '/defect', type: 'heed.behaviour.v1', id: 'copied-late' },
      ...{ timeMs: START_MS + 30 * DAY_MS, data: { turn: 't0', kind: 'copied' } },
    });
    const loved = cloudEventOf({
      ...{ session: 'first-8', source: '/defect', type: 'heed.reaction.v1', id: 'loved-late' },
      ...{ timeMs: START_MS + 30 * DAY_MS, data: { turn: 't1', kind: 'love' } },
    });
    await importInto('default', [copied, loved]);
    expect(await heedJson(scoreLogReport, run)).toMatchObject({ scored: all, scoredNow: 2, waiting: 0 });
  });
});

describe('heed train defect refuses what nothing can be learned from, and changes nothing', () => {
  const log = defectLog({ sessions: 300, name: 'bad', startMs: START_MS });
  const stated = /heed\.(?:outcome|rating|reaction)\.v1/u;

  it.each([
    ['nothing', [], 'There are no turns yet', 'heed import'],
    [
      'nothing stated',
      log.filter(({ type }) => !stated.test(type)),
      'None of the 600 turns has an outcome named success, a rating or a reaction that stands',
      'Send outcome events named success, ratings or reactions; 200 positive',
    ],
    [
      'one class only',
      log
        .map((event) =>
          event.type === 'heed.outcome.v1'
            ? { ...event, data: { turn: 't0', name: 'success', value: true } }
            : event,
        )
        .filter(({ type }) => type !== 'heed.rating.v1' && type !== 'heed.reaction.v1'),
      'No turn is a positive example, one that failed: 100 verdicts count',
      '--positive',
    ],
    ['few', log, 'positive and', '200 of either would be enough'],
  ] as const)('%s', async (name, events, says, remedy) => {
    const tenant = `bad-${name.replaceAll(' ', '-')}`;
    if (events.length > 0) await importInto(tenant, events);
    const { code, stderr } = await heed(['train', 'defect', '--tenant', tenant, ...at]);
    expect(stderr).toContain(says);
    expect(stderr).toContain(remedy);
    expect(code).toBe(3);
    const models = await heedJson(z.object({ models: z.array(z.unknown()) }), [
      ...['models', '--tenant', tenant, ...at],
    ]);
    expect(models.models).toEqual([]);
  });

  it('kinds that say both, without one of them being named', async () => {
    const { code, stderr } = await heed(['train', 'defect', '--positive', 'thumbs-up', ...at]);
    expect(code).toBe(2);
    expect(stderr).toContain('--positive: expected kinds that are not negative as well');
  });
});
