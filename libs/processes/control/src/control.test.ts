import {
  bundleResponse,
  decideResponse,
  fixList,
  fixView,
  modelList,
  modelView,
  problem,
  type FixAction,
} from '@heed/contract';
import { fixId, tenantId, type TenantId } from '@heed/kernel';
import {
  BUNDLE_SIGNER,
  BUNDLE_STORE,
  CLOCK,
  EVENT_STORE,
  FIX_PROPOSALS,
  httpAdapter,
  KEY_RING,
  KeyRing,
  LOG,
  MODEL_FILES,
  openBundleKey,
  ProblemFilter,
  TENANT_REMOVAL,
} from '@heed/platform';
import {
  fixIdOf,
  loadBundle,
  modelId,
  modelIdOf,
  type BundleSigner,
  type FixProposals,
} from '@heed/policies';
import { exampleProposal, inMemoryBundleStore, inMemoryEventStore, inMemoryModelFiles } from '@heed/testing';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { ControlModule, FixProposalsModule } from './control.module.ts';
import { FollowDecisions } from './publish-bundle/follow-decisions.ts';
import { ModelRegister } from './reward-models/model-register.ts';

const tenant = tenantId('default');
const nowMs = Date.UTC(2026, 2, 1, 9);
const mined = { atMs: nowMs, who: 'learner', why: 'mined' };
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

let dir: string;
let signer: BundleSigner;
let stores: {
  readonly events: ReturnType<typeof inMemoryEventStore>;
  readonly bundles: ReturnType<typeof inMemoryBundleStore>;
};
let app: NestFastifyApplication;
const started: NestFastifyApplication[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'heed-control-'));
  signer = await openBundleKey(dir);
  stores = { events: inMemoryEventStore(), bundles: inMemoryBundleStore() };
  app = await start();
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.close()));
  await rm(dir, { recursive: true });
});

@Module({})
class Ports {}

@Module({})
class ControlProcess {}

/** A control process over the stores and the key of the test. */
async function start(processModule: Type = ControlModule): Promise<NestFastifyApplication> {
  const providers = [
    { provide: EVENT_STORE, useValue: stores.events },
    { provide: KEY_RING, useValue: await KeyRing.open(stores.events) },
    { provide: BUNDLE_STORE, useValue: stores.bundles },
    { provide: BUNDLE_SIGNER, useValue: signer },
    { provide: CLOCK, useValue: { nowMs: () => nowMs } },
    { provide: MODEL_FILES, useValue: inMemoryModelFiles() },
    { provide: LOG, useValue: silent },
  ];
  const ports = { module: Ports, global: true, providers, exports: providers.map(({ provide }) => provide) };
  const process = await NestFactory.create<NestFastifyApplication>(
    { module: ControlProcess, imports: [ports, processModule] },
    httpAdapter(1_000_000),
    { bodyParser: false, logger: false },
  );
  process.useGlobalFilters(new ProblemFilter(silent));
  await process.init();
  started.push(process);
  return process;
}

function proposals(of = app): FixProposals {
  return of.get(FIX_PROPOSALS);
}

async function proposed(from: string, to: string): Promise<string> {
  const [fix] = await proposals().propose(tenant, [exampleProposal(from, to)], mined);
  return fix?.id ?? '';
}

type Asked = Awaited<ReturnType<NestFastifyApplication['inject']>>;

function ask(
  method: 'GET' | 'POST',
  url: string,
  body?: object,
  headers: Record<string, string> = {},
  of = app,
): Promise<Asked> {
  return of.inject({
    method,
    url,
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(body),
  });
}

async function answer<Schema extends z.ZodType>(
  schema: Schema,
  asked: Promise<Asked>,
): Promise<z.output<Schema>> {
  const { statusCode, body } = await asked;
  expect({ statusCode, body }).toMatchObject({ statusCode: 200 });
  return schema.parse(JSON.parse(body));
}

const move = (
  id: string,
  action: FixAction,
  body: object = { who: 'ada', why: 'looks right' },
): Promise<z.output<typeof fixView>> => answer(fixView, ask('POST', `/v1/fixes/${id}/${action}`, body));
const decide = (text: string, more: object = {}, of = app): Promise<z.output<typeof decideResponse>> =>
  answer(decideResponse, ask('POST', '/v1/decide', { text, ...more }, {}, of));
const list = (of = app): Promise<z.output<typeof fixList>> =>
  answer(fixList, ask('GET', '/v1/fixes', undefined, {}, of));
const bundle = (): Promise<z.output<typeof bundleResponse>> =>
  answer(bundleResponse, ask('GET', '/v1/bundle'));

describe('a proposed fix', () => {
  it('is listed with its evidence and served to nobody', async () => {
    const id = await proposed('maj and dragons', 'imagine dragons');
    expect((await list()).fixes).toMatchObject([
      {
        fix: id,
        status: 'proposed',
        from: 'maj and dragons',
        to: 'imagine dragons',
        evidence: { wins: 6, sessionIds: ['s-1', 's-2'] },
      },
    ]);
    expect(await decide('maj and dragons')).toMatchObject({ rewrite: null, fix: null });
  });

  it('is the same fix when it is mined again', async () => {
    expect(await proposed('a', 'b')).toBe(await proposed('a', 'b'));
    expect((await list()).fixes).toHaveLength(1);
  });

  it('tells the learner what became of it, in the order of the proposals', async () => {
    await move(await proposed('b', 'c'), 'block');
    const pairs = Array.from({ length: 20 }, (_, i) => exampleProposal(String.fromCharCode(97 + i), 'c'));
    const answers = await proposals().propose(tenant, pairs, mined);
    expect(answers.map(({ id }) => id)).toEqual(
      pairs.map(({ fromState }) => fixIdOf(tenant, fromState, 'c')),
    );
    expect(answers.map(({ status }) => status)).toEqual(
      pairs.map((_, i) => (i === 1 ? 'blocked' : 'proposed')),
    );
  });
});

describe('a fix that goes live', () => {
  it('is served by the next decision, and no longer by the one after it was taken back', async () => {
    const id = await proposed('maj and dragons', 'Imagine Dragons');
    await move(id, 'live');
    const decision = await decide('Maj and Dragons!');
    expect(decision).toMatchObject({
      request: 'Maj and Dragons!',
      rewrite: 'Imagine Dragons',
      fix: id,
      policies: {},
    });
    expect(decision.bundle).toBe((await bundle()).sha256);
    await move(id, 'retire');
    expect((await decide('maj and dragons')).rewrite).toBeNull();
  });

  it('says who put it there, and why, at each step', async () => {
    const { history } = await move(await proposed('a', 'b'), 'live');
    expect(history).toEqual([
      { status: 'proposed', at: '2026-03-01T09:00:00.000Z', who: 'learner', why: 'mined' },
      { status: 'vetted', at: '2026-03-01T09:00:00.000Z', who: 'ada', why: 'looks right' },
      { status: 'live', at: '2026-03-01T09:00:00.000Z', who: 'ada', why: 'looks right' },
    ]);
  });

  it('takes the place of the one that was live for the same request', async () => {
    const [old, young] = [await proposed('a', 'b'), await proposed('a', 'c')];
    await move(old, 'live');
    await move(young, 'live');
    expect((await decide('a')).fix).toBe(young);
    const { status, history } = await answer(fixView, ask('GET', `/v1/fixes/${old}`));
    expect({ status, why: history.at(-1)?.why }).toEqual({
      status: 'retired',
      why: `${young} went live for the same request`,
    });
  });

  it('leaves one live when two go live at the same time', async () => {
    const [one, other] = [await proposed('a', 'b'), await proposed('a', 'c')];
    await Promise.all([move(one, 'live'), move(other, 'live')]);
    const live = (await list()).fixes.filter(({ status }) => status === 'live');
    expect(live.map(({ fix }) => fix)).toEqual([(await decide('a')).fix]);
  });

  it('is switched off by the learner when it loses', async () => {
    const id = await proposed('a', 'b');
    await move(id, 'live');
    expect((await proposals().served(tenant)).map((fix) => fix.id)).toEqual([id]);
    await proposals().switchOff(tenant, fixId(id), { ...mined, why: 'it fared worse' });
    expect((await decide('a')).rewrite).toBeNull();
    expect(await proposals().notToPropose(tenant)).toMatchObject([{ fromState: 'a', toState: 'b' }]);
  });

  it('is served by its interpretation when the application has one', async () => {
    await move(await proposed('play{song=maj}', 'play imagine dragons'), 'live');
    const interpretation = { intent: 'play', slots: { song: 'maj' } };
    expect((await decide('whatever', { interpretation })).rewrite).toBe('play imagine dragons');
  });
});

it('serves a canary to the same share of users each time, and to nobody who cannot be told again', async () => {
  await move(await proposed('a', 'b'), 'canary');
  const served = async (): Promise<number[]> => {
    const rewrites = await Promise.all(
      Array.from({ length: 400 }, (_, i) => decide('a', { user: `user-${i}` })),
    );
    return rewrites.flatMap(({ rewrite }, i) => (rewrite === null ? [] : [i]));
  };
  const first = await served();
  expect(first.length).toBeGreaterThan(5);
  expect(first.length).toBeLessThan(45);
  expect(await served()).toEqual(first);
  expect((await decide('a')).rewrite).toBeNull();
});

describe('the bundle', () => {
  it('is signed, and verified by whoever has the public key', async () => {
    await move(await proposed('a', 'b'), 'live');
    const got = await bundle();
    expect(got).toMatchObject({
      version: 1,
      tenant: 'default',
      publicKey: signer.publicKeySpkiBase64,
      keyId: signer.keyId,
    });
    const loaded = await loadBundle(got, 'default', signer);
    expect(loaded.ok && loaded.value.decide({ text: 'a' }).rewrite).toBe('b');
  });

  it('is an empty one of version 0 before anything was live, and nothing is stored', async () => {
    const { version, content } = await bundle();
    expect(version).toBe(0);
    expect(content).toContain('"rewrites":[]');
    expect(await stores.bundles.current(tenant)).toBeNull();
  });

  it('gets the next version when what is served changes, and only then', async () => {
    const id = await proposed('a', 'b');
    const versions: number[] = [];
    for (const action of ['approve', 'live', 'live', 'retire'] as const) {
      await move(id, action);
      versions.push((await bundle()).version);
    }
    expect(versions).toEqual([0, 1, 1, 2]);
  });

  it('is not sent again to who has it', async () => {
    await move(await proposed('a', 'b'), 'live');
    const first = await ask('GET', '/v1/bundle');
    const etag = String(first.headers['etag']);
    expect(etag).toBe(`"${(await bundle()).sha256}"`);
    const again = await ask('GET', '/v1/bundle', undefined, { 'if-none-match': `"other", ${etag}` });
    expect({ status: again.statusCode, body: again.body, etag: again.headers['etag'] }).toEqual({
      status: 304,
      body: '',
      etag,
    });
  });

  it('tells who has it already under which version it is current now, with the signature', async () => {
    const id = await proposed('a', 'b');
    for (const action of ['live', 'retire', 'live'] as const) await move(id, action);
    const { sha256, version, signature } = await bundle();
    expect(version).toBe(3);
    const again = await ask('GET', '/v1/bundle', undefined, { 'if-none-match': `"${sha256}"` });
    expect(again).toMatchObject({
      statusCode: 304,
      headers: { 'heed-bundle-version': '3', 'heed-bundle-signature': signature },
    });
  });

  it('is signed again under a new key when the old one is lost', async () => {
    await move(await proposed('a', 'b'), 'live');
    const before = await bundle();
    signer = await openBundleKey(join(dir, 'new'));
    app = await start();
    expect(await decide('a')).toMatchObject({ rewrite: 'b' });
    const after = await bundle();
    expect(after).toMatchObject({ version: 2, sha256: before.sha256, keyId: signer.keyId });
    expect((await loadBundle(after, 'default', signer)).ok).toBe(true);
  });

  it('that a crash left unpublished is published at the next start', async () => {
    const id = await proposed('a', 'b');
    const working = stores.bundles;
    stores = {
      ...stores,
      bundles: { ...working, publish: () => Promise.reject(new Error('the power is gone')) },
    };
    app = await start();
    expect((await decide('a')).rewrite).toBeNull();
    expect((await ask('POST', `/v1/fixes/${id}/live`, {})).statusCode).toBe(500);
    expect((await decide('a')).rewrite).toBeNull();
    stores = { ...stores, bundles: working };
    app = await start();
    expect((await decide('a')).rewrite).toBe('b');
    expect((await bundle()).version).toBe(1);
  });
});

describe('reward models', () => {
  const trained = async (digit: string, passed = true): Promise<string> => {
    const version = digit.repeat(64);
    const { id } = await app.get(ModelRegister).trained(
      {
        ...{ id: modelIdOf('love', version), tenant, name: 'love', purpose: 'love', version },
        ...{ featuresVersion: '1', trainedAtMs: nowMs, card: 'c'.repeat(64) },
        gates: [{ gate: 'calibrated', passed, says: passed ? 'error is 0.02' : 'error is 0.08' }],
      },
      { atMs: nowMs, who: 'learner', why: 'trained' },
    );
    return id;
  };
  const move = (id: string, action: string): ReturnType<typeof ask> =>
    ask('POST', `/v1/models/${id}/${action}`, { who: 'ada', why: 'read the card' });

  it('are listed, shown by id and by name, and moved by who says so and why', async () => {
    const [old, young] = [await trained('1'), await trained('2')];
    expect(await answer(modelView, move(old, 'live'))).toMatchObject({ model: old, status: 'live' });
    expect((await answer(modelView, move(young, 'live'))).history.at(-1)).toEqual({
      ...{ status: 'live', at: '2026-03-01T09:00:00.000Z', who: 'ada', why: 'read the card' },
    });
    const { models } = await answer(modelList, ask('GET', '/v1/models'));
    expect(models.map(({ model, status }) => [model, status])).toEqual([
      [young, 'live'],
      [old, 'superseded'],
    ]);
    for (const name of [young, 'love'])
      expect(await answer(modelView, ask('GET', `/v1/models/${name}`))).toMatchObject({ model: young });
  });

  it('say why they may not go live, and that what is live stays live', async () => {
    const [good, bad] = [await trained('1'), await trained('2', false)];
    await move(good, 'live');
    const refused = await move(bad, 'live');
    expect(problem.parse(JSON.parse(refused.body))).toMatchObject({
      ...{ status: 409, code: 'model-refused' },
      detail: expect.stringContaining('calibrated (error is 0.08)') as string,
      remedy: expect.stringContaining('what is live stays live') as string,
    });
    expect(await answer(modelView, ask('GET', '/v1/models/love'))).toMatchObject({
      model: good,
      status: 'live',
    });
  });

  it('tell why they are stale, by events or by figures', async () => {
    const [id, other] = [await trained('1'), await trained('2')];
    const models = app.get(ModelRegister);
    const by = { atMs: nowMs, who: 'heed', why: 'a user was forgotten' };
    await models.markStale(tenant, [modelId(id)], { because: 'erasure', events: ['e-1'] }, by);
    const figures = [{ of: 'score', measured: 0.31, bound: 0.25 }];
    await models.markStale(tenant, [modelId(other)], { because: 'drift', figures }, by);
    const stale = async (name: string): Promise<unknown> =>
      (await answer(modelView, ask('GET', `/v1/models/${name}`))).stale;
    const said = { at: '2026-03-01T09:00:00.000Z', who: 'heed', why: 'a user was forgotten' };
    expect(await stale(id)).toEqual({ because: 'erasure', events: ['e-1'], ...said });
    expect(await stale(other)).toEqual({ because: 'drift', figures, ...said });
  });

  it('that nobody trained, and steps that do not exist, are refused', async () => {
    expect(JSON.parse((await ask('GET', '/v1/models/love')).body)).toMatchObject({
      ...{ status: 404, code: 'model-unknown' },
    });
    expect(JSON.parse((await move('love-0', 'live')).body)).toMatchObject({ status: 404 });
    expect(JSON.parse((await move(await trained('1'), 'force')).body)).toMatchObject({ status: 400 });
  });

  it('are gone with their tenant, who can begin again', async () => {
    await move(await trained('1'), 'live');
    await app.get<(tenant: TenantId) => Promise<void>>(TENANT_REMOVAL)(tenant);
    expect(await answer(modelList, ask('GET', '/v1/models'))).toEqual({ models: [] });
    await trained('1');
    expect(await answer(modelView, ask('GET', '/v1/models/love'))).toMatchObject({ status: 'passed' });
  });
});

describe('two processes over one store', () => {
  it('list the same', async () => {
    const other = await start();
    const id = await proposed('a', 'b');
    expect(await list(other)).toEqual(await list());
    await move(id, 'approve');
    expect((await list(other)).fixes).toMatchObject([{ fix: id, status: 'vetted' }]);
  });

  it('that change one fix at the same time both get an answer that holds', async () => {
    const other = await start();
    const id = await proposed('a', 'b');
    const url = `/v1/fixes/${id}/live`;
    const answers = await Promise.all([ask('POST', url, {}), ask('POST', url, {}, {}, other)]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect((await list()).fixes[0]?.history.map(({ status }) => status)).toEqual([
      'proposed',
      'vetted',
      'live',
    ]);
    expect((await bundle()).version).toBe(1);
  });

  it('serve what the other decided as soon as they follow it', async () => {
    const other = await start();
    const id = await proposed('a', 'b');
    expect((await decide('a', {}, other)).rewrite).toBeNull();
    await move(id, 'live');
    expect((await decide('a', {}, other)).rewrite).toBeNull();
    await other.get(FollowDecisions).follow();
    expect((await decide('a', {}, other)).rewrite).toBe('b');
    // The other found it published: there is no second version of the same.
    expect((await bundle()).version).toBe(1);
  });

  it('take off the runtime what a learner that serves nothing switched off', async () => {
    const id = await proposed('a', 'b');
    await move(id, 'live');
    const learner = await start(FixProposalsModule);
    await proposals(learner).switchOff(tenant, fixId(id), { ...mined, why: 'loses' });
    await app.get(FollowDecisions).follow();
    expect((await decide('a')).rewrite).toBeNull();
    expect((await list()).fixes).toMatchObject([{ fix: id, status: 'retired' }]);
  });
});

describe('tenants', () => {
  it('do not see each other', async () => {
    await move(await proposed('a', 'b'), 'live');
    const theirs = { 'heed-tenant': 'other' };
    expect(await answer(fixList, ask('GET', '/v1/fixes', undefined, theirs))).toEqual({ fixes: [] });
    expect(await answer(decideResponse, ask('POST', '/v1/decide', { text: 'a' }, theirs))).toMatchObject({
      rewrite: null,
    });
  });

  const remove = (): Promise<void> => app.get<(tenant: TenantId) => Promise<void>>(TENANT_REMOVAL)(tenant);

  it('that are removed serve and list nothing, and the record of it stays', async () => {
    const id = await proposed('a', 'b');
    await move(id, 'live');
    await remove();
    await remove();
    expect(await list()).toEqual({ fixes: [] });
    expect((await decide('a')).rewrite).toBeNull();
    expect((await ask('GET', `/v1/fixes/${id}`)).statusCode).toBe(404);
    const record = (await stores.events.load(`fix/default/${id}`)).map(({ type }) => type);
    expect(record).toEqual(['fix-proposed.v1', 'fix-vetted.v1', 'fix-went-live.v1', 'fix-retired.v1']);
    const removals = (await stores.events.load('tenant/default')).map(({ type }) => type);
    expect(removals).toEqual(['tenant-removed.v1', 'tenant-removed.v1']);
  });

  it('that have nothing are on record as removed, for what goes on about them meanwhile', async () => {
    await remove();
    expect(await stores.events.load('tenant/default')).toMatchObject([{ type: 'tenant-removed.v1' }]);
  });

  it('that were removed can begin again', async () => {
    const id = await proposed('a', 'b');
    await move(id, 'block');
    await remove();
    expect(await proposed('a', 'b')).toBe(id);
    expect((await move(id, 'live')).history.map(({ status }) => status)).toEqual([
      'proposed',
      'vetted',
      'live',
    ]);
    expect((await decide('a')).rewrite).toBe('b');
    app = await start();
    expect((await list()).fixes).toMatchObject([{ fix: id, status: 'live' }]);
  });
});

describe('a request that cannot be done says why and what would do', () => {
  const refused = async (asked: Promise<Asked>): Promise<z.output<typeof problem>> =>
    problem.parse(JSON.parse((await asked).body));

  it('for a fix that nobody knows', async () => {
    expect(await refused(ask('GET', '/v1/fixes/fix-0'))).toMatchObject({ status: 404, code: 'fix-unknown' });
    expect(await refused(ask('POST', '/v1/fixes/fix-0/live'))).toMatchObject({
      status: 404,
      code: 'fix-unknown',
    });
  });

  it('for a step that its status does not allow', async () => {
    const id = await proposed('a', 'b');
    await move(id, 'live');
    expect(await refused(ask('POST', `/v1/fixes/${id}/approve`))).toMatchObject({
      status: 409,
      code: 'fix-transition-not-allowed',
      detail: `${id} is live, so 'approve' is not possible; possible now: retire, block.`,
    });
  });

  it('for a fix whose reverse is served, until that is taken back', async () => {
    const [there, back] = [await proposed('a', 'b'), await proposed('b', 'a')];
    for (const [served, asked] of [
      ['live', 'live'],
      ['live', 'canary'],
    ] as const) {
      await move(there, served);
      expect(await refused(ask('POST', `/v1/fixes/${back}/${asked}`))).toMatchObject({
        status: 409,
        code: 'fix-transition-not-allowed',
        detail: `${back} cannot be served: ${there} is ${served} and rewrites the other way round, 'a' to 'b'. Retire ${there} first.`,
      });
    }
    expect((await list()).fixes.find(({ fix }) => fix === back)?.status).toBe('proposed');
    expect((await move(there, 'live')).status).toBe('live');
    await move(there, 'retire');
    await move(back, 'live');
    expect((await decide('b')).rewrite).toBe('a');
  });

  it('for a blocked fix', async () => {
    const id = await proposed('a', 'b');
    await move(id, 'block');
    expect(await refused(ask('POST', `/v1/fixes/${id}/live`))).toMatchObject({
      status: 409,
      code: 'fix-blocked',
    });
  });

  it('for an action that does not exist, and for a body that is not what the route takes', async () => {
    expect(await refused(ask('POST', '/v1/fixes/fix-0/destroy'))).toMatchObject({ status: 400 });
    expect(await refused(ask('POST', '/v1/decide', { words: 'a' }))).toMatchObject({
      status: 400,
      code: 'invalid-request',
    });
  });
});

function ignore(): void {
  // The test asks for answers, not for logs.
}
