import { createdKey, statusReport } from '@heed/contract';
import { heedJson, startService, type Service } from '@heed/test-e2e';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startChromium, type Chromium } from './chromium.ts';
import { Front } from './front.ts';
import type { Tab } from './tab.ts';

describe('a page of another origin, with a browser key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-browser-key-'));
  let service: Service;
  let front: Front;
  let chromium: Chromium;
  let operator = '';
  let key = '';

  beforeAll(async () => {
    service = await startService(join(folder, 'data'));
    front = await Front.before(service.url);
    chromium = await startChromium(join(folder, 'profile'));
    const asAdmin = ['keys', 'create', 'admin', '--all-tenants', '--name', 'operations'];
    operator = (await heedJson(createdKey, [...asAdmin, '--url', service.url])).key;
    const response = await fetch(`${service.url}/v1/keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...asOperator() },
      body: JSON.stringify({ kind: 'browser', name: 'page', origins: [front.url] }),
    });
    key = createdKey.parse(await response.json()).key;
  });
  afterAll(async () => {
    await chromium.stop();
    await front.close();
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function asOperator(): Record<string, string> {
    return { authorization: `Bearer ${operator}`, 'heed-tenant': 'default' };
  }

  async function accepted(): Promise<number> {
    const response = await fetch(`${service.url}/v1/status`, { headers: asOperator() });
    const { tenants } = statusReport.parse(await response.json());
    return tenants.reduce((sum, tenant) => sum + tenant.accepted, 0);
  }

  async function pageWith(options: object): Promise<Tab> {
    const page = await chromium.newTab(front.url);
    await page.evaluate(z.undefined(), `application.start('${service.url}', ${JSON.stringify(options)})`);
    return page;
  }
  const emit = (on: Tab, id: string): Promise<undefined> =>
    on.evaluate(z.undefined(), `application.emit(['${id}']); application.saved()`);
  const flush = (on: Tab): Promise<number> => on.evaluate(z.number(), 'application.flush(60000)');

  it('writes by fetch, and as it ends by beacon', async () => {
    const page = await pageWith({ key, lingerMs: 1_000_000 });
    await emit(page, 'by-fetch');
    expect(await flush(page)).toBe(0);
    expect(await accepted()).toBe(1);
    await emit(page, 'by-beacon');
    await page.open('about:blank');
    while ((await accepted()) < 2) await delay(20);
    expect(front.requests).toEqual([]);
    await page.close();
  });

  it('keeps what it has to say while its key is wrong, and tells', async () => {
    const wrong = await pageWith({ key: `${key}x`, outboxName: 'rotated', lingerMs: 0 });
    await emit(wrong, 'with-a-wrong-key');
    await wrong.evaluate(z.undefined(), "application.told('events-refused')");
    const before = await accepted();
    await wrong.crash();
    await wrong.close();
    const right = await pageWith({ key, outboxName: 'rotated' });
    expect(await flush(right)).toBe(0);
    expect(await accepted()).toBe(before + 1);
    await right.close();
  });
});
