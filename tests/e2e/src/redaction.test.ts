import { deadLetterList, deadLetterView, doctorReport, ingestResult } from '@heed/contract';
import { openChdbWarehouse } from '@heed/warehouse-chdb';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { caughtUp, postEvents } from './post-events.ts';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

const MAIL = 'bob@example.com';
const NOON = '2026-03-02T12:00:00Z';

const turn = (id: string, text: string, more: object = {}): object => ({
  ...{ specversion: '1.0', id, source: '/test', type: 'heed.turn.v1', subject: 's-1', time: NOON },
  data: { turn: id, request: { text }, ...more },
});
/** As OTLP/HTTP in JSON has it. */
const trace = (text: string): object => ({
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: [
            {
              ...{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'chat m', kind: 3 },
              ...{ startTimeUnixNano: '1772450000000000000', endTimeUnixNano: '1772450001000000000' },
              attributes: Object.entries({
                'gen_ai.operation.name': 'chat',
                'gen_ai.conversation.id': 's-2',
                'gen_ai.input.messages': JSON.stringify([
                  { role: 'user', parts: [{ type: 'text', content: text }] },
                ]),
              }).map(([key, stringValue]) => ({ key, value: { stringValue } })),
            },
          ],
        },
      ],
    },
  ],
});

describe('a Heed with redaction rules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-redaction-'));
  const dataDir = join(folder, 'data');
  const file = join(folder, 'rules.json');
  const at = ['--data', dataDir];
  const write = (rules: unknown): void => {
    writeFileSync(file, JSON.stringify(rules));
  };
  let service: Service;

  beforeAll(async () => {
    write({
      builtIn: ['email'],
      patterns: [{ name: 'nested', pattern: '(a+)+$' }],
      fields: [{ name: 'address', field: 'attributes.address' }],
    });
    service = await startService(dataDir, ['--no-demo'], { HEED_REDACTION_FILE: file });
  }, 60_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes out at every door what a rule names, and takes the same again for a duplicate', async () => {
    const events = [
      turn('t-1', `write to ${MAIL}`, { attributes: { address: 'Some Street 1' } }),
      { ...turn('t-2', MAIL), type: 'heed.turn.v9' },
    ];
    const statuses = async () => (await postEvents(service.url, events)).results.map(({ status }) => status);
    expect(await statuses()).toEqual(['accepted', 'dead-lettered']);
    expect(await statuses()).toEqual(['duplicate', 'dead-lettered']);
    const send = (path: string, type: string, body: string) =>
      fetch(service.url + path, { method: 'POST', headers: { 'content-type': type }, body });
    expect((await send('/v1/traces', 'application/json', JSON.stringify(trace(`ask ${MAIL}`)))).status).toBe(
      200,
    );
    expect((await send('/v1/events', 'application/json', `{"data":"${MAIL}`)).status).toBe(202);
    await caughtUp(service.url);
    const { deadLetters } = await heedJson(deadLetterList, ['dead-letters', ...at]);
    expect(deadLetters.map(({ reason }) => reason).sort()).toEqual(['unreadable', 'unsupported-version']);
    for (const { id, bytes } of deadLetters) {
      expect(bytes).toContain('[redacted:email]');
      expect((await heedJson(deadLetterView, ['dead-letters', id, ...at])).bytes).not.toContain(MAIL);
    }
    const letter = deadLetters.find(({ reason }) => reason === 'unsupported-version')?.id ?? '';
    const mended = JSON.stringify(turn('t-3', `again ${MAIL}`));
    const redrive = ['dead-letters', letter, 'redrive', '--event', '-', ...at];
    expect(await heedJson(ingestResult, redrive, mended)).toMatchObject({ status: 'accepted' });
    await caughtUp(service.url);
    expect(await (await fetch(`${service.url}/metrics`)).text()).toMatch(
      /heed_redactions_total\{rule="email"\} [1-9]/,
    );
  }, 60_000);

  it('is not held up by a pattern that would hold up others', async () => {
    const { results } = await postEvents(service.url, [turn('t-4', `${'a'.repeat(60_000)}!`)]);
    expect(results).toMatchObject([{ status: 'accepted' }]);
  }, 60_000);

  it('tells by doctor that the file would keep the next start from coming about, and so it does', async () => {
    expect((await heedJson(doctorReport, ['doctor', ...at])).problems).toEqual([]);
    write({ patterns: [{ name: 'ticket', pattern: '(' }] });
    const { problems } = await heedJson(doctorReport, ['doctor', ...at]);
    expect(problems).toMatchObject([{ what: expect.stringContaining('rule "ticket"') as unknown }]);
    expect((await heed(['doctor', ...at])).stdout).toContain('rule "ticket"');
    await service.stop();
    await expect(startService(dataDir, ['--no-demo'], { HEED_REDACTION_FILE: file })).rejects.toThrow(
      /rule "ticket" is no RE2 expression/,
    );
  }, 60_000);

  it('has nothing of it in the warehouse', async () => {
    const warehouse = await openChdbWarehouse(dataDir);
    const texts = await warehouse.query(
      z.object({ text: z.string() }),
      'SELECT body AS text FROM filed_events UNION ALL SELECT body AS text FROM dead_letters UNION ALL SELECT request AS text FROM turns',
    );
    await warehouse.close();
    const all = texts.map(({ text }) => text).join('\n');
    expect(all).not.toContain(MAIL);
    expect(all).not.toContain('Some Street');
    expect(all).toContain('ask [redacted:email]');
    expect(all).toContain('again [redacted:email]');
    expect(all).toContain('"address":"[redacted:address]"');
  }, 60_000);
});
