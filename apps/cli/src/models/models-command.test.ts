import type { ModelView } from '@heed/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeService, type FakeService, type FakeServiceOptions } from '../testing/fake-service.ts';
import { runHeed, type CliRun } from '../testing/fake-shell.ts';

let service: FakeService | undefined;
afterEach(async () => {
  await service?.stop();
  service = undefined;
});

async function heed(routes: NonNullable<FakeServiceOptions['routes']>, ...argv: string[]): Promise<CliRun> {
  service = await fakeService({ routes });
  return runHeed(['models', ...argv, '--url', service.url.href]);
}
const answer = (value: unknown, status = 200) => ({ body: JSON.stringify(value), status });

const model: ModelView = {
  model: 'love-9f86d081884c7d65',
  tenant: 'default',
  name: 'love',
  purpose: 'love',
  version: '9f86d081884c7d65'.repeat(4),
  featuresVersion: '3',
  trainedAt: '2026-03-01T08:00:00.000Z',
  card: 'c'.repeat(64),
  status: 'live',
  gates: [
    { gate: 'better-than-length', passed: true, says: 'AUROC is +0.120 beside the length alone' },
    { gate: 'calibrated', passed: true, says: 'expected calibration error is 0.021' },
  ],
  stale: null,
  history: [
    { status: 'trained', at: '2026-03-01T08:00:00.000Z', who: 'learner', why: 'trained' },
    { status: 'live', at: '2026-03-01T09:00:00.000Z', who: 'ada', why: 'read the card' },
  ],
};
const LONG =
  'expected calibration error is 0.081, +0.060 beside the 0.021 that a calibrated model has on 1077 cases: it must be below 0.050';
const by = { at: '2026-03-02T09:00:00.000Z', who: 'heed', why: 'a user was forgotten' };
const erased: ModelView = {
  ...model,
  stale: { because: 'erasure', events: ['e-1', 'e-2', 'e-3', 'e-4', 'e-5', 'e-6'], ...by },
  history: [...model.history, { status: 'live', stale: true, ...by }],
};
const refused: ModelView = {
  ...model,
  model: 'love-0123456789abcdef',
  status: 'refused',
  gates: [{ gate: 'calibrated', passed: false, says: LONG }],
  stale: { because: 'drift', figures: [{ of: 'score', measured: 0.31, bound: 0.25 }], ...by },
};

describe('heed models', () => {
  it('lists them, and says which gates refused one', async () => {
    const { stdout } = await heed({ 'GET /v1/models': () => answer({ models: [refused, erased] }) });
    const [, first = '', second = ''] = stdout.split('\n');
    expect(first).toMatch(
      /^love-0123456789abcdef +love +love +refused, stale +2026-.* +not passed: calibrated$/,
    );
    expect(second).toMatch(/^love-9f86d081884c7d65 +love +love +live, stale +2026-.* +all passed$/);
  });

  it('says how to get one where there is none', async () => {
    const { stdout } = await heed({ 'GET /v1/models': () => answer({ models: [] }) });
    expect(stdout).toBe('No reward models yet: `heed train love` or `heed train defect` makes one.\n');
  });

  it('explains one, found by its name', async () => {
    const { stdout } = await heed({ 'GET /v1/models/love': () => answer(erased) }, 'love');
    expect(stdout).toContain('love-9f86d081884c7d65  live, stale');
    expect(stdout).toContain('stale       erasure: a user was forgotten');
    expect(stdout).toContain('e-1, e-2, e-3, e-4, e-5 and 1 more');
    expect(stdout).toContain('2026-03-01T09:00:00.000Z  live        ada: read the card');
    expect(stdout).toContain('2026-03-02T09:00:00.000Z  stale       heed: a user was forgotten');
  });

  it('explains drift by its figures', async () => {
    const { stdout } = await heed({ 'GET /v1/models/love': () => answer(refused) }, 'love');
    expect(stdout).toContain('score 0.310, at most 0.250');
    expect(stdout).toMatch(/^calibrated +NOT PASSED +expected .* below 0\.050$/m);
  });

  it.each([
    [true, 'sessions    by it while it is live: It beats the rules'],
    [false, 'sessions    by the rules: It does not'],
  ])('says of a model of failed turns whether sessions go by it: %s', async (replacesRules, says) => {
    const why = replacesRules ? 'It beats the rules' : 'It does not';
    const defect = { ...model, purpose: 'defect', besideRules: { replacesRules, why } };
    const { stdout } = await heed({ 'GET /v1/models/defect': () => answer(defect) }, 'defect');
    expect(stdout).toContain(says);
  });

  it.each([model.model, model.name])('moves %s in the name of whoever is logged in', async (called) => {
    let asked: unknown;
    const { stdout } = await heed(
      {
        'GET /v1/models': () => answer({ models: [{ ...model, status: 'passed' }] }),
        'POST /v1/models/love-9f86d081884c7d65/live': (body) => {
          asked = JSON.parse(body);
          return answer(model);
        },
      },
      ...[called, 'live', '--why', 'read the card', '--json'],
    );
    expect(asked).toEqual({ who: 'ada', why: 'read the card' });
    expect(JSON.parse(stdout)).toEqual(model);
  });

  it('exits with 3 when it may not go live, and says why', async () => {
    const problem = {
      ...{
        type: 'urn:heed:problem:model-refused',
        status: 409,
        code: 'model-refused',
        title: 'Model refused',
      },
      detail: 'it was refused by calibrated',
      remedy: 'Read its card for what it misses.',
    };
    const { code, stderr } = await heed(
      {
        'GET /v1/models': () => answer({ models: [] }),
        'POST /v1/models/love-1/live': () => answer(problem, 409),
      },
      ...['love-1', 'live'],
    );
    expect(code).toBe(3);
    expect(stderr).toContain('it was refused by calibrated');
    expect(stderr).toContain('Read its card');
  });

  it('says which there are to choose from where a name does not say it', async () => {
    const waiting = [refused, model].map((of) => ({ ...of, status: 'passed', stale: null }));
    const { code, stderr } = await heed(
      { 'GET /v1/models': () => answer({ models: waiting }) },
      ...['love', 'live'],
    );
    expect(code).toBe(2);
    for (const { model: id } of waiting) expect(stderr).toContain(id);
  });

  it('takes a reason with an action alone, and no other action', async () => {
    expect(await heed({}, 'love', '--why', 'so')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('heed models love live | retire') as string,
    });
    expect(await heed({}, 'love', 'force')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Allowed choices are live, retire') as string,
    });
  });
});
