import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BundleResponse, FixView, MineReport } from '@heed/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeService, type FakeService, type FakeServiceOptions } from './testing/fake-service.ts';
import { runHeed, type CliRun } from './testing/fake-shell.ts';

let folder: string;
let service: FakeService | undefined;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'heed-cli-'))));
afterEach(async () => {
  await service?.stop();
  service = undefined;
  await rm(folder, { recursive: true });
});

type Routes = NonNullable<FakeServiceOptions['routes']>;

async function heed(routes: Routes, ...argv: string[]): Promise<CliRun> {
  service ??= await fakeService({ routes });
  return runHeed([...argv, '--url', service.url.href], { cwd: folder });
}

const answer = (value: unknown, status = 200) => ({ body: JSON.stringify(value), status });
const lines = (...values: unknown[]) => ({
  body: values.map((value) => `${JSON.stringify(value)}\n`).join(''),
});

const evidence = {
  wins: 9,
  losses: 1,
  unlabelled: 2,
  users: 7,
  sessions: 12,
  sessionIds: ['s-1', 's-2', 's-3', 's-4', 's-5', 's-6'],
  lowerBound: 0.21,
  gates: [{ gate: 'sessions', measured: 12, threshold: 5, margin: 7, passed: true }],
  absorption: {
    n_i: 12,
    n_j: 22,
    Q_ij: 0.5,
    N_ij: 0.65625,
    R_j: 0.954545,
    B: 0.62642,
    winProbability: 0.6264,
    errorBound: 1e-12,
  },
  versions: { mining: '1' },
};
const names = {
  from: 'play maj and dragons',
  to: 'play imagine dragons',
  fromState: 'play maj and dragons',
  toState: 'play imagine dragons',
};
const fix: FixView = {
  fix: 'fix-1',
  tenant: 'default',
  status: 'proposed',
  ...names,
  evidence: { window: { since: null, until: null }, ...evidence },
  stale: null,
  history: [{ status: 'proposed', at: '2026-03-01T09:00:00.000Z', who: 'learner', why: 'mined' }],
};
const mined: MineReport = {
  turns: 100,
  sessions: 40,
  states: 20,
  transitions: 15,
  unlabelledEnds: 3,
  daysCounted: ['2026-03-01'],
  proposals: [{ fix: 'fix-1', status: 'proposed', ...names, ...evidence }],
  rejected: { similarity: 4, users: 0 },
  switchedOff: [],
  seconds: 0.2,
};

describe('heed mine', () => {
  it('shows what users ask and what works, and how to put it live', async () => {
    const progress = { progress: { step: 'counting days', done: 1, of: 2 } };
    const { code, stdout } = await heed(
      { 'POST /v1/mine': () => lines(progress, { result: mined }) },
      'mine',
    );
    expect(code).toBe(0);
    expect(stdout).toMatchSnapshot();
  });

  it('passes thresholds, window and choices on, and prints the report as it came', async () => {
    let asked: unknown;
    const routes: Routes = {
      'POST /v1/mine': (body) => {
        asked = JSON.parse(body);
        return lines({ result: mined });
      },
    };
    const options = [
      '--since',
      '2026-03-01',
      '--gate',
      'sessions=3',
      '--gate',
      'users=2',
      '--unlabelled',
      'success',
      '--dry-run',
    ];
    const { stdout } = await heed(routes, 'mine', '--json', ...options);
    expect(asked).toEqual({
      since: '2026-03-01',
      gates: { sessions: 3, users: 2 },
      unlabelledEnds: 'success',
      dryRun: true,
    });
    expect(JSON.parse(stdout)).toEqual(mined);
  });

  it('says that silent ends count where the table cannot show it', async () => {
    const routes: Routes = { 'POST /v1/mine': () => lines({ result: mined }) };
    expect((await heed(routes, 'mine', '--unlabelled', 'success')).stdout).toContain(
      'silent ends count as success here',
    );
    expect((await heed(routes, 'mine')).stdout).not.toContain('silent ends');
  });

  it.each(['2026-02-31', '2026-13-45'])('refuses %s, which is no day', async (until) => {
    const { code, stderr } = await heed({}, 'mine', '--until', until);
    expect(code).toBe(2);
    expect(stderr).toContain('--until: expected a UTC day as YYYY-MM-DD');
  });

  it('says what to do when no session says how it ended', async () => {
    const silent = { ...mined, proposals: [], unlabelledEnds: 40 };
    const { stdout } = await heed({ 'POST /v1/mine': () => lines({ result: silent }) }, 'mine');
    expect(stdout).toContain('heed mine --unlabelled success');
  });

  it("tells the learner's problem when the work fails, and when it is cut short", async () => {
    const problem = {
      type: 'urn:heed:problem:disk-full',
      status: 507,
      code: 'disk-full',
      title: 'Disk full',
      detail: 'no space left',
      remedy: 'Free some.',
    };
    const bodies = [lines({ problem }), lines({ progress: { step: 'x', done: 1, of: 2 } })].values();
    const routes: Routes = { 'POST /v1/mine': () => bodies.next().value ?? lines() };
    expect(JSON.parse((await heed(routes, 'mine', '--json')).stdout)).toMatchObject({
      problem: { code: 'disk-full' },
    });
    expect(JSON.parse((await heed(routes, 'mine', '--json')).stdout)).toMatchObject({
      problem: { code: 'work-cut-short' },
    });
  });
});

describe('a service that stops while it works', () => {
  it.each([
    ['mine', 'POST /v1/mine'],
    ['replay', 'POST /v1/replay'],
  ])('is told as work cut short by heed %s', async (command, route) => {
    const progress = `${JSON.stringify({ progress: { step: 'x', done: 1, of: 2 } })}\n`;
    const { code, stdout } = await heed(
      { [route]: () => ({ body: progress, breaksOff: true }) },
      command,
      '--json',
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      problem: { code: 'work-cut-short', remedy: expect.stringContaining('Run it again') as string },
    });
  });
});

describe('heed fixes', () => {
  it('lists them and explains one', async () => {
    const routes: Routes = {
      'GET /v1/fixes': () => answer({ fixes: [fix] }),
      'GET /v1/fixes/fix-1': () => answer(fix),
    };
    expect((await heed(routes, 'fixes')).stdout).toMatchSnapshot();
    expect((await heed(routes, 'fixes', 'fix-1')).stdout).toMatchSnapshot();
  });

  it('moves one in the name of whoever is logged in', async () => {
    let asked: unknown;
    const routes: Routes = {
      'POST /v1/fixes/fix-1/live': (body) => {
        asked = JSON.parse(body);
        return answer({ ...fix, status: 'live' });
      },
    };
    const { stdout } = await heed(routes, 'fixes', 'fix-1', 'live', '--why', 'read them', '--json');
    expect(asked).toEqual({ who: 'ada', why: 'read them' });
    expect(JSON.parse(stdout)).toMatchObject({ status: 'live' });
  });

  it('exits with 3 when the fix may not go there', async () => {
    const refusal = {
      type: 'urn:heed:problem:fix-blocked',
      status: 409,
      code: 'fix-blocked',
      title: 'Fix blocked',
      detail: 'a blocked fix cannot go live',
      remedy: 'Approve it first.',
    };
    const { code, stderr } = await heed(
      { 'POST /v1/fixes/fix-1/live': () => answer(refusal, 409) },
      'fixes',
      'fix-1',
      'live',
    );
    expect(code).toBe(3);
    expect(stderr).toContain('Approve it first.');
  });
});

describe('checks that say no', () => {
  it.each([
    [true, 0],
    [null, 0],
    [false, 3],
  ])('replay with tables equal: %s exits with %i', async (equal, expected) => {
    const report = { events: 9, tables: [{ table: 'sessions', rows: 3, equal }], seconds: 1 };
    const { code } = await heed({ 'POST /v1/replay': () => lines({ result: report }) }, 'replay', '--verify');
    expect(code).toBe(expected);
  });

  it.each([
    [true, 0],
    [false, 3],
  ])('doctor with accounts balanced: %s exits with %i', async (balanced, expected) => {
    const report = {
      accepted: 5,
      stored: 4,
      waiting: 1,
      deadLettered: 0,
      redriven: 0,
      lag: 0,
      balanced,
      versions: {},
      problems: [{ what: 'one is lost', do: 'Replay.' }],
    };
    const { code, stdout } = await heed({ 'GET /v1/doctor': () => answer(report) }, 'doctor');
    expect(code).toBe(expected);
    expect(stdout).toContain('one is lost');
  });
});

describe('heed bundle', () => {
  const keys = generateKeyPairSync('ed25519');
  const publicKey = keys.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const content = JSON.stringify({
    format: 'heed.bundle.v1',
    tenant: 'default',
    rewrites: [{ state: 'a', text: 'b', fix: 'fix-1', share: 1 }],
    policies: {},
  });
  const sha256 = createHash('sha256').update(content).digest('hex');
  const signature = sign(
    null,
    Buffer.from(`heed.bundle.v1\ndefault\n1\n${sha256}`),
    keys.privateKey,
  ).toString('base64');
  const bundle: BundleResponse = {
    version: 1,
    tenant: 'default',
    content,
    sha256,
    signature,
    keyId: 'k1',
    publicKey,
  };
  const routes: Routes = { 'GET /v1/bundle': () => answer(bundle) };

  it('shows what is published and writes it as it is signed', async () => {
    const { stdout } = await heed(routes, 'bundle', '--json', '--out', 'bundle.json');
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      rewrites: [{ state: 'a', text: 'b', fix: 'fix-1', share: 1 }],
      policies: {},
      sha256,
      signature,
    });
    expect(JSON.parse(await readFile(join(folder, 'bundle.json'), 'utf8'))).toEqual(bundle);
  });

  it("verifies a file under the service's key, or one that is given", async () => {
    await writeFile(join(folder, 'bundle.json'), JSON.stringify(bundle));
    expect((await heed(routes, 'bundle', '--verify', 'bundle.json')).code).toBe(0);
    expect((await heed({}, 'bundle', '--verify', 'bundle.json', '--public-key', publicKey)).code).toBe(0);
  });

  it.each([
    ['changed content', { content: content.replace('"b"', '"c"') }],
    ['another version', { version: 2 }],
    ['a broken signature', { signature: signature.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')) }],
  ])('refuses %s with 3', async (_, change) => {
    await writeFile(join(folder, 'bundle.json'), JSON.stringify({ ...bundle, ...change }));
    expect((await heed(routes, 'bundle', '--verify', 'bundle.json')).code).toBe(3);
  });

  it("refuses a bundle of a stranger that brings the stranger's key", async () => {
    const stranger = generateKeyPairSync('ed25519');
    const forged = sign(
      null,
      Buffer.from(`heed.bundle.v1\ndefault\n1\n${sha256}`),
      stranger.privateKey,
    ).toString('base64');
    const theirKey = stranger.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    await writeFile(
      join(folder, 'bundle.json'),
      JSON.stringify({ ...bundle, signature: forged, publicKey: theirKey }),
    );
    expect((await heed(routes, 'bundle', '--verify', 'bundle.json')).code).toBe(3);
  });
});

const LETTER = {
  id: '!unreadable:021fb596db81e6d02bf3d2586ee3981fe519f275c0ac9ca76bbcf2ebb4097d96',
  shortId: '021fb596db81',
  state: 'open',
  reason: 'unreadable',
  detail: 'it is no JSON',
  remedy: 'send JSON',
  eventId: '',
  eventType: '',
  session: '',
  firstSeen: '2026-03-01T12:00:00.000Z',
  count: 1,
  waitsUntil: null,
  redriven: [],
  bytes: '{',
  bytesLength: 1,
};

describe('heed dead-letters', () => {
  it('sends a mended event in the place of the broken one', async () => {
    await writeFile(join(folder, 'event.json'), '{"id":"e-1"}');
    let asked: unknown;
    const routes: Routes = {
      'POST /v1/dead-letters/7/redrive': (body) => {
        asked = JSON.parse(body);
        return answer({ id: 'e-1', status: 'accepted' });
      },
    };
    const { code } = await heed(routes, 'dead-letters', '7', 'redrive', '--event', 'event.json');
    expect(asked).toEqual({ event: { id: 'e-1' } });
    expect(code).toBe(0);
  });

  it('takes the mended event from standard input', async () => {
    let asked: unknown;
    const routes: Routes = {
      'POST /v1/dead-letters/7/redrive': (body) => {
        asked = JSON.parse(body);
        return answer({ id: 'e-1', status: 'accepted' });
      },
    };
    service = await fakeService({ routes });
    const argv = ['dead-letters', '7', 'redrive', '--event', '-', '--url', service.url.href];
    const { code } = await runHeed(argv, { cwd: folder, input: Buffer.from('{"id":"e-1"}') });
    expect(asked).toEqual({ event: { id: 'e-1' } });
    expect(code).toBe(0);
  });

  it('lists the open ones by their short ids, and says what else there is', async () => {
    const list = { total: 1, reasons: { unreadable: 1 }, waiting: 2, redriven: 1, deadLetters: [LETTER] };
    const { stdout } = await heed(
      { 'GET /v1/dead-letters?limit=50&state=open': () => answer(list) },
      'dead-letters',
    );
    expect(stdout).toContain('1 dead letter: unreadable 1');
    expect(stdout).toMatch(/^021fb596db81 {2}unreadable/m);
    expect(stdout).toContain('2 events wait for a turn: --state waiting shows them.');
    expect(stdout).toContain('1 redriven: --state redriven shows them.');
  });

  it.each([
    ['waiting', { waiting: 1 }, '1 event waits for a turn that is not there yet'],
    ['waiting', {}, 'No event waits for its turn.'],
    ['redriven', { redriven: 3 }, '3 dead letters whose place an event took'],
    ['redriven', {}, 'No dead letter was redriven.'],
    ['open', {}, 'No dead letters: every event was taken.'],
  ])('lists those of the state %s', async (state, counts, says) => {
    const list = { total: 0, reasons: {}, waiting: 0, redriven: 0, deadLetters: [], ...counts };
    const { stdout } = await heed(
      { [`GET /v1/dead-letters?limit=50&state=${state}`]: () => answer(list) },
      'dead-letters',
      '--state',
      state,
    );
    expect(stdout).toContain(says);
  });

  it.each([
    [
      'until when it waits',
      { waitsUntil: '2026-03-02T12:00:00.000Z' },
      /becomes a dead letter with the first event received at 2026-03-02T12:00:00.000Z or later/,
    ],
    [
      'what took its place',
      { redriven: [{ event: 'e-2', at: '2026-03-03T12:00:00.000Z' }] },
      /redriven 2026-03-03T12:00:00.000Z: the event e-2 took its place/,
    ],
    ['that more of its kind were refused', { count: 4 }, /different texts of it refused 4/],
  ])('shows of one %s', async (_, told, says) => {
    const letter = { ...LETTER, ...told };
    const { stdout } = await heed({ 'GET /v1/dead-letters/7': () => answer(letter) }, 'dead-letters', '7');
    expect(stdout).toMatch(says);
  });

  it('says that nothing was sent for what has its place already', async () => {
    const done = { id: 'e-1', status: 'duplicate', detail: 'the event is part of its session' };
    const routes = { 'POST /v1/dead-letters/7/redrive': () => answer(done) };
    const { stdout, code } = await heed(routes, 'dead-letters', '7', 'redrive');
    expect(stdout).toContain('Nothing was sent: the event is part of its session.');
    expect(code).toBe(0);
  });

  it('exits with 3 when it is refused again', async () => {
    const refused = { id: null, status: 'dead-lettered', detail: 'still no id', remedy: 'Give it one.' };
    const { code, stdout } = await heed(
      { 'POST /v1/dead-letters/7/redrive': () => answer(refused) },
      'dead-letters',
      '7',
      'redrive',
    );
    expect(code).toBe(3);
    expect(stdout).toContain('still no id');
  });
});

describe('heed decide', () => {
  it('shows what the next user gets', async () => {
    const decision = {
      request: 'play maj',
      rewrite: 'play imagine dragons',
      fix: 'fix-1',
      policies: {},
      bundle: 'abcdef0123456789',
    };
    const { stdout } = await heed(
      { 'POST /v1/decide': () => answer(decision) },
      'decide',
      'play maj',
      '--user',
      'u1',
    );
    expect(stdout).toContain('becomes: play imagine dragons');
  });

  it('says so when something else than Heed answers', async () => {
    const { code, stdout } = await heed(
      { 'POST /v1/decide': () => ({ body: '<html>' }) },
      'decide',
      'x',
      '--json',
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ problem: { code: 'answer-not-understood' } });
  });
});
