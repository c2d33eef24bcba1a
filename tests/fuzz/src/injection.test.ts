import {
  deadLetterList,
  deadLetterView,
  decideResponse,
  doctorReport,
  fixList,
  fixView,
  problem,
  statusReport,
  type FixView,
} from '@heed/contract';
import { seededRandom } from '@heed/kernel';
import { caughtUp, postEvents, startService, type Service } from '@heed/test-e2e';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE_TEXTS } from './hostile-values.ts';
import { EVENT_NAMES, validEvent } from './valid-events.ts';

/** Those with something in them to be read by somebody. */
const PAYLOADS = HOSTILE_TEXTS.filter((text) => /\w/u.test(text));
/** As a header takes them. */
const PRINTABLE = PAYLOADS.filter((text) => /^[\x20-\x7e]+$/u.test(text));
const TENANT = 'injected';
const BYSTANDER = 'bystander';
const GATES = { sessions: 1, users: 1, similarity: 0, exploration: 1, lowerBound: -1 };

describe('text that means something to a database, a file system or a protocol', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-injection-'));
  let service: Service;
  let before: unknown;

  beforeAll(async () => {
    service = await startService(dataDir);
    const random = seededRandom(1);
    const events = Array.from({ length: 20 }, (_, n) => validEvent(`by-${n}`, random));
    await postEvents(service.url, events, BYSTANDER);
    await caughtUp(service.url);
    before = await accountOf(BYSTANDER);
  });
  afterAll(async () => {
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const call = async (method: string, path: string, body?: unknown, tenant = TENANT): Promise<Response> =>
    fetch(service.url + path, {
      method,
      headers: { 'heed-tenant': tenant, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const accountOf = async (tenant: string): Promise<unknown> =>
    statusReport
      .parse(await (await call('GET', '/v1/status')).json())
      .tenants.find((account) => account.tenant === tenant);

  it('is the text of a fix from what users wrote to the decision, through every field on the way', async () => {
    const sessions = PAYLOADS.flatMap((text, index) =>
      Array.from({ length: 10 }, (_, n) =>
        sessionOf(`${n}/${asId(text)}`, text, `${index} instead of ${text}`, n > 6),
      ),
    );
    const { results } = await postEvents(service.url, sessions.flat(), TENANT);
    expect(results.filter(({ status }) => status !== 'accepted')).toEqual([]);
    await caughtUp(service.url);
    // To its last line, or the fixes are asked for before they are proposed.
    expect(await (await call('POST', '/v1/mine', { gates: GATES })).text()).toContain('"result"');
    const { fixes } = fixList.parse(await (await call('GET', '/v1/fixes')).json());
    for (const [index, text] of PAYLOADS.entries()) {
      const to = `${index} instead of ${text}`;
      const fix = fixes.find((each) => each.to === to) ?? expect.fail(`no fix to ${to}`);
      await goesLive(fix, text, to);
    }
  });

  async function goesLive({ fix: id, from, evidence }: FixView, text: string, to: string): Promise<void> {
    expect(from).toBe(text);
    expect(evidence.sessionIds).toContain(`0/${asId(text)}`);
    const moved = fixView.parse(
      await (await call('POST', `/v1/fixes/${id}/live`, { who: text, why: text })).json(),
    );
    expect(moved.history.at(-1)).toMatchObject({ status: 'live', who: text, why: text });
    const decided = decideResponse.parse(
      await (await call('POST', '/v1/decide', { text, user: text, session: text })).json(),
    );
    expect(decided).toMatchObject({ request: text, rewrite: to, fix: id });
  }

  it('is kept in a dead letter as it came, whichever of its fields it stands in', async () => {
    const bodies = PAYLOADS.map((text) => {
      const attributes = { specversion: '1.0', id: text, source: text, subject: text, type: text };
      return { ...attributes, time: text, data: { [text]: text } };
    });
    const { results } = await postEvents(service.url, bodies, TENANT);
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['dead-lettered']));
    await caughtUp(service.url);
    const { deadLetters } = deadLetterList.parse(
      await (await call('GET', '/v1/dead-letters?limit=10000')).json(),
    );
    for (const body of bodies) {
      const bytes = JSON.stringify(body);
      const listed = deadLetters.find((letter) => letter.bytes === bytes) ?? expect.fail(`no ${bytes}`);
      const id = asId(body.id) === body.id ? body.id : '';
      expect(listed).toMatchObject({ eventId: id, eventType: asId(body.type), session: id });
      const one = await call('GET', `/v1/dead-letters/${encodeURIComponent(listed.id)}`);
      expect(deadLetterView.parse(await one.json()).bytes).toBe(bytes);
    }
  });

  it('is stored or dead-lettered in every text of every type of event, and a replay gives the same rows', async () => {
    const random = seededRandom(2);
    const events = PAYLOADS.flatMap((text, index) =>
      EVENT_NAMES.map((name) => inEveryText(validEvent(`every-${index}-${name}`, random, name), text)),
    );
    for (let at = 0; at < events.length; at += 500) {
      const { results } = await postEvents(service.url, events.slice(at, at + 500), TENANT);
      expect(new Set(results.map(({ status }) => status))).not.toContain('duplicate');
    }
    await caughtUp(service.url);
    const lines = (await (await call('POST', '/v1/replay', { verify: true })).text()).trim().split('\n');
    const { result } = JSON.parse(lines.at(-1) ?? '{}') as { result?: { tables: { equal: boolean }[] } };
    expect(result?.tables.map(({ equal }) => equal)).toEqual(result?.tables.map(() => true));
    expect(result?.tables).not.toHaveLength(0);
  });

  it.each([
    ['GET', '/v1/fixes/X', undefined],
    ['POST', '/v1/fixes/X/live', {}],
    ['POST', '/v1/fixes/fix-1/X', {}],
    ['GET', '/v1/dead-letters/X', undefined],
    ['POST', '/v1/dead-letters/X/redrive', {}],
    ['GET', '/v1/dead-letters?limit=X', undefined],
    ['GET', '/v1/dead-letters?state=X', undefined],
    ['POST', '/v1/keys/X/revoke', {}],
    ['GET', '/v1/imports/X', undefined],
    ['PUT', '/v1/imports/X', { records: 1 }],
    ['DELETE', '/v1/tenants/X', undefined],
    ['GET', '/docs/X', undefined],
  ])('is refused in the path of %s %s, and does nothing on its way', async (method, path, body) => {
    for (const text of PAYLOADS) {
      // As a tenant these are names like any other.
      if (path.startsWith('/v1/tenants') && /^[a-z0-9]+$/u.test(text)) continue;
      const answer = await call(method, path.replace('X', encodeURIComponent(text)), body, 'elsewhere');
      expect({ text, status: answer.status }).toEqual({
        text,
        status: [400, 403].includes(answer.status) ? answer.status : 404,
      });
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(problem.parse(await answer.json()).remedy).not.toBe('');
    }
  });

  it.each([
    ['/v1/mine', 'since'],
    ['/v1/mine', 'until'],
    ['/v1/mine', 'unlabelledEnds'],
    ['/v1/mine', 'gates'],
    ['/v1/replay', 'verify'],
  ])('is refused by %s as its %s', async (path, field) => {
    for (const text of PAYLOADS) {
      const answer = await call('POST', path, { [field]: text });
      expect({ text, status: answer.status }).toEqual({ text, status: 400 });
      expect(problem.parse(await answer.json()).code).toBe('invalid-request');
    }
  });

  it.each([
    'origin',
    'access-control-request-headers',
    'access-control-request-method',
    'traceparent',
    'if-none-match',
    'accept',
    'cookie',
    'x-forwarded-host',
  ])('comes back in no header of an answer when it came as %s', async (name) => {
    const before = await fetch(`${service.url}/v1/events`, { method: 'OPTIONS' });
    for (const text of PRINTABLE) {
      const answer = await fetch(`${service.url}/v1/events`, {
        method: 'OPTIONS',
        headers: { [name]: text },
      });
      const headers = [...answer.headers].map(([header]) => header);
      // A word that may be the name of a header is one that a page may ask for.
      const mayBe = name === 'access-control-request-headers' && /^[\w -]+$/u.test(text);
      if (mayBe) continue;
      expect(headers).not.toContain('set-cookie');
      for (const [header, value] of answer.headers)
        expect({ header, value: value.includes(text) }).toEqual({ header, value: false });
      if (name !== 'origin') expect(answer.status).toBe(before.status);
    }
  });

  it('is refused as the name of a tenant', async () => {
    for (const text of PRINTABLE) {
      const answer = await call('POST', '/v1/decide', { text: 'x' }, text);
      if (/^[a-z0-9]+$/u.test(text)) expect(answer.status).toBe(200);
      else expect(problem.parse(await answer.json())).toMatchObject({ status: 400, code: 'invalid-tenant' });
    }
  });

  it('has changed nothing for a bystander, left nothing on the disk, and is accounted for', async () => {
    await caughtUp(service.url);
    expect(await accountOf(BYSTANDER)).toEqual(before);
    expect(existsSync('injected')).toBe(false);
    const { accepted, stored, deadLettered, balanced } = doctorReport.parse(
      await (await call('GET', '/v1/doctor')).json(),
    );
    expect({ balanced, accepted }).toEqual({ balanced: true, accepted: stored + deadLettered });
  });
});

/** No id has control characters. */
function asId(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?');
}

/** A user asks, asks in other words, and is served by these; or gives up. */
function sessionOf(
  session: string,
  text: string,
  better: string,
  gaveUp: boolean,
): Record<string, unknown>[] {
  const startMs = Date.UTC(2026, 1, 1, 9);
  const event = (name: string, afterMs: number, type: string, data: object): Record<string, unknown> => ({
    specversion: '1.0',
    id: `${session}#${name}`,
    source: text,
    type,
    subject: session,
    time: new Date(startMs + afterMs).toISOString(),
    data,
  });
  const turn = (name: string, words: string): object => ({
    turn: `${name}${asId(text)}`,
    user: `user of ${session}`,
    request: { text: words },
    response: { text, model: text },
    surface: text,
    attributes: { [`of ${text}`]: text },
  });
  const asked = event('one', 0, 'heed.turn.v1', turn('one', text));
  const outcome = (name: string, value: boolean): Record<string, unknown> =>
    event('end', 20_000, 'heed.outcome.v1', { turn: name + asId(text), name: 'success', value });
  if (gaveUp) return [asked, outcome('one', false)];
  return [asked, event('two', 10_000, 'heed.turn.v1', turn('two', better)), outcome('two', true)];
}

/** The event with the text at the end of every text of its data, and as a name of its own; what is an id or a word of ours stays. */
function inEveryText(event: Record<string, unknown>, text: string): Record<string, unknown> {
  const inside = (value: unknown): unknown => {
    if (typeof value === 'string') return value + text;
    if (Array.isArray(value)) return value.map(inside);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, inner]): [string, unknown] => [name, inside(inner)]);
    return Object.fromEntries([...entries, [text, text]]);
  };
  return { ...event, source: text, subject: `every ${asId(text)}`, data: inside(event['data']) };
}
