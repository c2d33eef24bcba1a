import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { heed, startService, type Service } from './run-heed.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'heed-metrics-'));
let service: Service;

beforeAll(async () => {
  service = await startService(dataDir);
}, 60_000);

afterAll(async () => {
  await service.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

it('counts at the real service what was accepted, stored and dead-lettered', async () => {
  const turn = (id: string, turnId: string) => ({
    specversion: '1.0',
    id,
    source: '/test',
    type: 'heed.turn.v1',
    subject: 's',
    time: new Date(Date.now() - 60_000).toISOString(),
    data: { turn: turnId, request: { text: 'play jazz' } },
  });
  const events = [
    turn('a', 't-1'),
    turn('b', 't-2'),
    turn('b', 't-2'),
    { ...turn('c', 't-3'), type: 'heed.tern.v1' },
  ];
  const lines = events.map((event) => JSON.stringify(event)).join('\n');
  // The command waits until the warehouse has it.
  const { code, stderr } = await heed(
    ['import', '-', '--format', 'cloudevents', '--url', service.url],
    lines,
  );
  expect(code, stderr).toBe(0);

  const response = await fetch(`${service.url}/metrics`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/u);
  const samples = (await response.text()).split('\n');
  expect(samples).toContain('heed_log_entries_total{outcome="appended"} 3');
  expect(samples).toContain('heed_log_entries_total{outcome="duplicate"} 1');
  expect(samples).toContain('heed_stored_events_total 2');
  expect(samples).toContain('heed_derived_sessions_total 1');
  expect(samples).toContain('heed_dead_letters_total{reason="unknown-type"} 1');
  expect(samples).toContain('heed_projector_lag_entries 0');
  expect(samples.join('\n')).toMatch(
    /^heed_http_request_seconds_count\{method="POST",route="\/v1\/events",status="202"\} [1-9]/mu,
  );
});
