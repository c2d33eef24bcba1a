import { problem, scoreLoveResponse, scoreResponse, type ScoreLoveRequest } from '@heed/contract';
import { seededRandom, tenantId } from '@heed/kernel';
import { httpAdapter, MODEL_SCORERS, ProblemFilter, REWARD_MODELS } from '@heed/platform';
import { modelIdOf, type TrainedModel } from '@heed/policies';
import {
  FeatureReader,
  fitHead,
  scoreTurns,
  type AnsweredTurn,
  type ModelScorers,
  type ReadableTurn,
} from '@heed/rewards';
import { inMemoryEventStore } from '@heed/testing';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelRegister } from '../reward-models/model-register.ts';
import { ScoringModule } from './scoring.module.ts';

const tenant = tenantId('default');
const ada = { atMs: 1000, who: 'ada', why: 'read the card' };
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const reader = new FeatureReader('answer');

/** A head that was really trained, on users who do not love to hear "sorry". */
const head = (() => {
  const random = seededRandom(3);
  const part = (count: number) => {
    const turns = Array.from({ length: count }, () => turn(random.pick(['sorry no', 'sure', 'here it is'])));
    const labels = Uint8Array.from(turns, ({ response }) =>
      Number(random.chance(response.startsWith('sorry') ? 0.1 : 0.8)),
    );
    return { table: reader.read(turns), labels };
  };
  return fitHead('answer', part(200), part(80), 0, 7).head;
})();
/** What the models were given last. */
let given: readonly ReadableTurn[] = [];
/** The code that trains stands for the runtime: the adapter's own tests hold the two equal. */
const scorers: ModelScorers = {
  score: (_tenant, _version, turns) => {
    given = turns;
    return Promise.resolve(scoreTurns(head, reader.read(turns)));
  },
};

let register: ModelRegister;
let app: NestFastifyApplication;

@Module({})
class Ports {}

@Module({})
class ScoringProcess {}

beforeEach(async () => {
  register = new ModelRegister(inMemoryEventStore(), { nowMs: () => 0 });
  const providers = [
    { provide: REWARD_MODELS, useValue: register },
    { provide: MODEL_SCORERS, useValue: scorers },
  ];
  const ports = { module: Ports, global: true, providers, exports: providers.map(({ provide }) => provide) };
  app = await NestFactory.create<NestFastifyApplication>(
    { module: ScoringProcess, imports: [ports, ScoringModule] },
    httpAdapter(1_000_000),
    { bodyParser: false, logger: false },
  );
  app.useGlobalFilters(new ProblemFilter(silent));
  await app.init();
});
afterEach(() => app.close());

function turn(response: string): AnsweredTurn & ScoreLoveRequest['turns'][number] {
  return { context: [{ role: 'user', text: 'play jazz' }], response };
}

function model(name: string, { purpose = 'love', passes = true } = {}): TrainedModel {
  const version = '1'.repeat(64);
  return {
    id: modelIdOf(name, version),
    tenant,
    name,
    version,
    purpose: purpose === 'love' ? 'love' : 'defect',
    featuresVersion: 'grams-1',
    trainedAtMs: 500,
    card: 'c'.repeat(64),
    gates: [{ gate: 'calibrated', passed: passes, says: 'as measured' }],
  };
}

async function post(
  body: unknown,
  url = '/v1/score/love',
): Promise<{ readonly status: number; readonly body: unknown }> {
  const { statusCode, payload } = await app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  });
  return { status: statusCode, body: JSON.parse(payload) };
}

async function refused(body: unknown, url?: string): Promise<unknown> {
  const answer = await post(body, url);
  const { status, code, remedy } = problem.parse(answer.body);
  expect(status).toBe(answer.status);
  return { status, code, remedy };
}

const ask = { turns: [turn('sure'), turn('sorry no')] };

describe('POST /v1/score/love', () => {
  it('scores by the model named love that is live, or by another that is named', async () => {
    for (const one of [model('love'), model('love-search')]) {
      await register.trained(one, ada);
      await register.move(tenant, one.id, 'live', ada);
    }
    const scored = scoreLoveResponse.parse((await post(ask)).body);
    expect(scored.model).toBe(model('love').id);
    const [loved, not] = scored.scores;
    expect(loved?.score).toBeGreaterThan(0.5);
    expect(not?.score).toBeLessThan(0.5);
    for (const name of ['love-search', model('love-search').id])
      expect((await post({ ...ask, model: name })).body).toMatchObject({ model: model('love-search').id });
  });

  it('says how to get a model where there is none, or none of love', async () => {
    await register.trained(model('defect', { purpose: 'defect' }), ada);
    for (const body of [ask, { ...ask, model: 'defect' }])
      expect(await refused(body)).toMatchObject({
        status: 404,
        code: 'no-live-model',
        remedy: expect.stringContaining('heed train love') as string,
      });
  });

  it('says what stands in the way of a model that is not live', async () => {
    await register.trained(model('love'), ada);
    expect(await refused(ask)).toMatchObject({
      status: 409,
      code: 'model-not-live',
      remedy: expect.stringContaining(`heed models ${model('love').id} live`) as string,
    });
    await register.trained(model('love-search', { passes: false }), ada);
    expect(await refused({ ...ask, model: 'love-search' })).toMatchObject({
      status: 409,
      remedy: expect.stringContaining('which gate') as string,
    });
  });

  it.each([
    ['no turns', { turns: [] }],
    ['more than it takes', { turns: Array.from({ length: 257 }, () => turn('')) }],
    ['a role that nobody has', { turns: [{ context: [{ role: 'robot', text: '' }], response: '' }] }],
    ['a member that is not known', { ...ask, threads: 9 }],
  ])('refuses %s', async (_, body) => {
    expect(await refused(body)).toMatchObject({ status: 400, code: 'invalid-request' });
  });
});

describe('POST /v1/score', () => {
  const url = '/v1/score';

  it('scores by a live model of failed turns, which is given what came after, and says what the scores are of', async () => {
    const defect = model('defect', { purpose: 'defect' });
    await register.trained(defect, ada);
    await register.move(tenant, defect.id, 'live', ada);
    const after = { next: 'no, jazz', pauseMs: 1200, behaviour: ['regenerated'], dwellMs: null };
    const scored = scoreResponse.parse(
      (await post({ model: 'defect', turns: [{ ...turn('sure'), ...after }, turn('sorry no')] }, url)).body,
    );
    expect(scored).toMatchObject({ model: defect.id, purpose: 'defect' });
    expect(scored.scores).toHaveLength(2);
    expect(given).toEqual([
      {
        ...turn('sure'),
        aftermath: { next: 'no, jazz', pauseMs: 1200, behaviour: ['regenerated'], turnsBefore: 0 },
      },
      { ...turn('sorry no'), aftermath: { next: '', behaviour: [], turnsBefore: 0 } },
    ]);
  });

  it('scores by a live model of love as its own address does', async () => {
    await register.trained(model('love'), ada);
    await register.move(tenant, model('love').id, 'live', ada);
    const { purpose, ...scored } = scoreResponse.parse((await post({ ...ask, model: 'love' }, url)).body);
    expect(purpose).toBe('love');
    expect(scored).toEqual((await post(ask)).body);
  });

  it('says how to get a model where there is none, or what stands in its way', async () => {
    expect(await refused({ ...ask, model: 'defect' }, url)).toMatchObject({
      ...{ status: 404, code: 'no-live-model' },
      remedy: expect.stringContaining('heed train') as string,
    });
    await register.trained(model('defect', { purpose: 'defect', passes: false }), ada);
    expect(await refused({ ...ask, model: 'defect' }, url)).toMatchObject({
      ...{ status: 409, code: 'model-not-live' },
      remedy: expect.stringContaining('heed train defect') as string,
    });
  });

  it.each([
    ['no model', ask],
    ['behaviour that no event has', { model: 'defect', turns: [{ ...turn(''), behaviour: ['loved'] }] }],
    ['a pause before the answer', { model: 'defect', turns: [{ ...turn(''), pauseMs: -1 }] }],
  ])('refuses %s', async (_, body) => {
    expect(await refused(body, url)).toMatchObject({ status: 400, code: 'invalid-request' });
  });
});

function ignore(): void {
  // A test listens to answers, not to the log.
}
