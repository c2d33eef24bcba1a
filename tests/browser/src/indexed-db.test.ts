import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startChromium, type Chromium } from './chromium.ts';
import { Front } from './front.ts';
import type { Tab } from './tab.ts';

const names = z.array(z.string());

describe('the outbox in the database of a real browser', () => {
  const profile = mkdtempSync(join(tmpdir(), 'heed-profile-'));
  let chromium: Chromium;
  let front: Front;
  let page: Tab;

  beforeAll(async () => {
    chromium = await startChromium(profile);
    front = await Front.before('http://127.0.0.1:9');
    page = await chromium.newTab(front.url);
  });
  afterAll(async () => {
    await chromium.stop();
    await front.close();
    rmSync(profile, { recursive: true, force: true });
  });

  it('does what every storage does, case by case', async () => {
    const passed = await page.evaluate(
      names,
      `(async () => {
        const { outboxStorageCases } = await import('/storage-cases.js');
        const { indexedDbOutbox } = await import('/indexed-db-outbox.js');
        const passed = [];
        for (const { name, run } of outboxStorageCases) {
          try {
            await run((limits) => indexedDbOutbox(indexedDB, name, limits));
          } catch (cause) {
            throw new Error(name + ': ' + cause.message, { cause });
          }
          passed.push(name);
        }
        return passed;
      })()`,
    );
    expect(passed).toHaveLength(8);
  });

  it('that the browser refuses is told, and events go all the same', async () => {
    const codes = await page.evaluate(
      names,
      `(async () => {
        IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };
        application.start('${front.url}', { fetch: async (url, { body }) => {
          const results = JSON.parse(body).map(({ id }) => ({ id, status: 'accepted' }));
          return Response.json({ results }, { status: 202 });
        } });
        application.emit(['e-1']);
        const left = await application.flush();
        return [...application.problems, String(left)];
      })()`,
    );
    expect(codes).toEqual(['storage-failed', '0']);
  });
});
