import { doctorReport } from '@heed/contract';
import { caughtUp, heedJson, startService, type Service } from '@heed/test-e2e';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startChromium, type Chromium } from './chromium.ts';
import { Front } from './front.ts';
import type { Tab } from './tab.ts';

const nothing = z.undefined();
const NEVER_MS = 1_000_000;

describe('events in a real browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-browser-'));
  const dataDir = join(folder, 'data');
  const profile = join(folder, 'profile');
  const emitted: string[] = [];
  let service: Service;
  let front: Front;
  let chromium: Chromium;
  let test = 0;

  beforeAll(async () => {
    service = await startService(dataDir);
    front = await Front.before(service.url);
    chromium = await startChromium(profile);
  });
  afterAll(async () => {
    await chromium.stop();
    await front.close();
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    test++;
    front.answers = 'passed';
    front.requests.length = 0;
  });

  /** Ids that no other test uses. */
  function ids(count: number, of = 'a'): string[] {
    const made = Array.from({ length: count }, (_, i) => `${String(test)}${of}-${String(i)}`);
    emitted.push(...made);
    return made;
  }

  /** A tab with the application in it; those of one test share what waits. */
  async function tab(options: object = {}): Promise<Tab> {
    const opened = await chromium.newTab(front.url);
    await start(opened, options);
    // What it looks for at its start is over.
    expect(await flush(opened)).toBe(0);
    return opened;
  }
  async function start(on: Tab, options: object = {}): Promise<void> {
    const given = JSON.stringify({ outboxName: `test ${String(test)}`, ...options });
    await on.evaluate(nothing, `application.start('${front.url}', ${given})`);
  }
  /** Emits, and resolves when the browser has them in its database. */
  async function emit(on: Tab, what: readonly string[], characters = 10): Promise<void> {
    const given = `${JSON.stringify(what)}, ${String(characters)}`;
    await on.evaluate(nothing, `application.emit(${given}); application.saved()`);
  }
  const flush = (on: Tab): Promise<number> => on.evaluate(z.number(), 'application.flush(60000)');
  const problems = (on: Tab): Promise<string[]> => on.evaluate(z.array(z.string()), 'application.problems');
  const fatesOf = (of: readonly string[]): unknown[] => of.map((id) => front.fates.get(id));
  const once = (of: readonly string[]): string[][] => of.map(() => ['accepted']);
  const twice = (of: readonly string[]): string[][] => of.map(() => ['accepted', 'duplicate']);

  it('arrive, one time each', async () => {
    const page = await tab();
    const sent = ids(250);
    await emit(page, sent);
    expect(await flush(page)).toBe(0);
    expect(fatesOf(sent)).toEqual(once(sent));
    expect(front.requests.flatMap((request) => request.ids)).toEqual(sent);
    expect(await problems(page)).toEqual([]);
    await page.close();
  });

  it('survive a reload that comes before the answer', async () => {
    const page = await tab({ lingerMs: 0 });
    front.answers = 'held';
    const sent = ids(3);
    await emit(page, sent);
    await front.heardOf(sent);
    front.answers = 'passed';
    await page.reload();
    await start(page);
    expect(await flush(page)).toBe(0);
    for (const fates of sent.map((id) => front.fates.get(id)))
      expect(fates?.filter((fate) => fate === 'accepted')).toHaveLength(1);
    await page.reload();
    front.requests.length = 0;
    await start(page);
    expect(await flush(page)).toBe(0);
    expect(front.requests).toEqual([]);
    await page.close();
  });

  it('survive a tab that is killed, and are sent by the next in the order they came', async () => {
    const page = await tab({ lingerMs: NEVER_MS });
    const sent = ids(90);
    await emit(page, sent.slice(0, 45));
    await emit(page, sent.slice(45));
    await page.crash();
    await page.close();
    expect(front.requests).toEqual([]);
    const next = await tab();
    expect(front.requests.flatMap((request) => request.ids)).toEqual(sent);
    expect(fatesOf(sent)).toEqual(once(sent));
    await next.close();
  });

  it('survive a browser that is killed', async () => {
    const page = await tab({ lingerMs: NEVER_MS });
    const sent = ids(20);
    await emit(page, sent);
    await chromium.stop('killed');
    chromium = await startChromium(profile);
    const next = await tab();
    expect(fatesOf(sent)).toEqual(once(sent));
    await next.close();
  });

  it('wait while the browser is offline, and go when it is online again', async () => {
    const page = await tab({ lingerMs: 0 });
    await page.network('offline');
    const sent = ids(5);
    await emit(page, sent);
    await page.evaluate(nothing, "application.told('events-delayed')");
    expect(front.requests).toEqual([]);
    await page.network('online');
    await front.heardOf(sent);
    expect(await flush(page)).toBe(0);
    expect(fatesOf(sent)).toEqual(once(sent));
    await page.close();
  });

  it('of two tabs are each sent by one of them, one time', async () => {
    const [one, other] = [await tab(), await tab()];
    const [first, second] = [ids(300, 'a'), ids(300, 'b')];
    for (let at = 0; at < 300; at += 50) {
      await Promise.all([emit(one, first.slice(at, at + 50)), emit(other, second.slice(at, at + 50))]);
    }
    expect(await Promise.all([flush(one), flush(other)])).toEqual([0, 0]);
    expect(fatesOf(first)).toEqual(once(first));
    expect(fatesOf(second)).toEqual(once(second));
    const order = front.requests.flatMap((request) => request.ids);
    expect(order.filter((id) => first.includes(id))).toEqual(first);
    expect(order.filter((id) => second.includes(id))).toEqual(second);
    await one.close();
    await other.close();
  });

  it('of a tab that is killed while it sends are sent by the other, which takes over at once', async () => {
    const [one, other] = [await tab({ lingerMs: 0 }), await tab({ lingerMs: 0 })];
    front.answers = 'held';
    const [first, second] = [ids(4, 'a'), ids(4, 'b')];
    await emit(one, first);
    await front.heardOf(first.slice(0, 1));
    await emit(other, second);
    front.answers = 'passed';
    await one.crash();
    expect(await flush(other)).toBe(0);
    await front.heardOf([...first, ...second]);
    expect(fatesOf(second)).toEqual(once(second));
    for (const id of first)
      expect(front.fates.get(id)?.filter((fate) => fate === 'accepted')).toHaveLength(1);
    await one.close();
    await other.close();
  });

  it('leave with a page that ends, by beacon, and the next page makes sure', async () => {
    const page = await tab({ lingerMs: NEVER_MS });
    const sent = ids(3);
    await emit(page, sent);
    await page.open('about:blank');
    await front.heardOf(sent);
    expect(front.requests.map(({ contentType }) => contentType)).toEqual(['text/plain;charset=UTF-8']);
    await page.open(front.url);
    await start(page);
    expect(await flush(page)).toBe(0);
    expect(fatesOf(sent)).toEqual(twice(sent));
    await page.close();
  });

  it('leave with a tab that is closed', async () => {
    const page = await tab({ lingerMs: NEVER_MS });
    const sent = ids(3);
    await emit(page, sent);
    await page.close();
    await front.heardOf(sent);
    expect(fatesOf(sent)).toEqual(once(sent));
  });

  it('that are more than a beacon holds leave in part, and none is lost', async () => {
    const page = await tab({ lingerMs: NEVER_MS });
    const sent = ids(60);
    await emit(page, sent, 3000);
    await page.open('about:blank');
    await front.heardOf(sent.slice(0, 1));
    for (const { ids: left, bytes } of front.requests) {
      const first = sent.indexOf(z.string().parse(left[0]));
      expect(left).toEqual(sent.slice(first, first + left.length));
      expect(bytes).toBeLessThanOrEqual(65_536);
    }
    await page.open(front.url);
    await start(page);
    expect(await flush(page)).toBe(0);
    for (const id of sent) expect(front.fates.get(id)?.filter((fate) => fate === 'accepted')).toHaveLength(1);
    await page.close();
  });

  it('beyond the capacity of the storage are refused and told, whichever tab they come from', async () => {
    const limited = { lingerMs: NEVER_MS, capacity: 5 };
    const [one, other] = [await tab(limited), await tab(limited)];
    const kept = ids(5);
    await emit(one, kept.slice(0, 3));
    await emit(other, [...kept.slice(3), 'refused-1', 'refused-2']);
    expect([await problems(one), await problems(other)]).toEqual([[], ['outbox-full', 'outbox-full']]);
    expect(await flush(other)).toBe(0);
    expect(fatesOf(kept)).toEqual(once(kept));
    expect(fatesOf(['refused-1'])).toEqual([undefined]);
    await one.close();
    await other.close();
  });

  it('are all in the service, each one time, and the account is even', async () => {
    await caughtUp(service.url);
    // Named, where there are any: each belongs to one of the tests above.
    expect(emitted.filter((id) => !front.fates.get(id)?.includes('accepted'))).toEqual([]);
    const account = await heedJson(doctorReport, ['doctor', '--data', dataDir]);
    expect(emitted.length).toBe(new Set(emitted).size);
    expect(account).toMatchObject({
      accepted: emitted.length,
      stored: emitted.length,
      deadLettered: 0,
      balanced: true,
    });
  });
});
