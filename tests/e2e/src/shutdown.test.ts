import { ingestResponse } from '@heed/contract';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { heedJson, startService } from './run-heed.ts';

const SENDERS = 20;
const EVENTS_EACH = 50;

function batchOf(sender: number): string {
  const events = Array.from({ length: EVENTS_EACH }, (_, index) => ({
    specversion: '1.0',
    id: `${String(sender)}-${String(index)}`,
    source: '/test',
    type: 'heed.turn.v1',
    subject: `s-${String(sender)}`,
    time: new Date(Date.now() - 60_000).toISOString(),
    data: { turn: `t-${String(index)}`, request: { text: 'play jazz' } },
  }));
  return JSON.stringify(events);
}

/** A request whose head the service has taken, and whose body is still to come. */
async function underWay(url: string): Promise<ClientRequest> {
  const sent = request(`${url}/v1/events`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/cloudevents-batch+json', expect: '100-continue' },
  });
  sent.flushHeaders();
  await once(sent, 'continue');
  return sent;
}

async function takesNoMore(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/health/live`, { headers: { connection: 'close' } }).catch(() => null);
    if (answer === null) return;
    await delay(5);
  }
}

async function answerOf(sent: ClientRequest, body: string): Promise<{ status: number; accepted: number }> {
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve).on('error', reject);
  });
  sent.end(body);
  const message = await response;
  const { results } = ingestResponse.parse(await json(message));
  return {
    status: message.statusCode ?? 0,
    accepted: results.filter(({ status }) => status === 'accepted').length,
  };
}

describe.each(['SIGTERM', 'SIGHUP'] as const)('a service that is stopped by %s', (signal) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-stop-'));
  afterAll(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('answers the requests in flight after their events are durable, and leaves nothing behind', async () => {
    const service = await startService(dataDir);
    const sent = await Promise.all(Array.from({ length: SENDERS }, () => underWay(service.url)));
    const stopped = service.stop(signal);
    await takesNoMore(service.url);
    const answers = await Promise.all(sent.map((each, sender) => answerOf(each, batchOf(sender))));
    expect(answers).toEqual(sent.map(() => ({ status: 202, accepted: EVENTS_EACH })));
    await stopped;
    expect(existsSync(join(dataDir, 'heed.service.json'))).toBe(false);
    const { accepted } = await heedJson(z.object({ accepted: z.number() }), ['doctor', '--data', dataDir]);
    expect(accepted).toBe(SENDERS * EVENTS_EACH);
  });
});
