import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NewLogEntry } from '@heed/events';
import { tenantId } from '@heed/kernel';
import { exampleDeadLetter, InMemorySessionStore, inMemoryEventLog } from '@heed/testing';
import { describe, expect, it } from 'vitest';
import { PROJECTOR_GROUP } from '../ports.ts';
import { measuredLog } from './measured-log.ts';
import { measuredSessionStore } from './measured-session-store.ts';
import { Metrics } from './metrics.ts';

const NOW_MS = 10_000;
const clock = { nowMs: () => NOW_MS };

const entry = (key: string, body = '{}', receivedAtMs = 4_000): NewLogEntry => ({
  tenant: tenantId('t'),
  key,
  session: 's',
  body,
  receivedAtMs,
});

/** The samples of Heed's own, `name{labels} value` each. */
async function samplesOf(metrics: Metrics): Promise<readonly string[]> {
  return (await metrics.text()).split('\n').filter((line) => line.startsWith('heed_'));
}

describe('a measured log', () => {
  it('counts what was appended by outcome, and in what company', async () => {
    const metrics = new Metrics();
    const log = measuredLog(inMemoryEventLog(), metrics, clock);
    await log.append([entry('a'), entry('b'), entry('a')]);
    await log.append([entry('a', '1')]);
    const samples = await samplesOf(metrics);
    expect(samples).toContain('heed_log_entries_total{outcome="appended"} 2');
    expect(samples).toContain('heed_log_entries_total{outcome="duplicate"} 1');
    expect(samples).toContain('heed_log_entries_total{outcome="conflict"} 1');
    expect(samples).toContain('heed_append_entries_bucket{le="1"} 1');
    expect(samples).toContain('heed_append_entries_bucket{le="3"} 2');
    expect(samples).toContain('heed_append_seconds_count 2');
  });

  it('counts appends that failed, which acknowledged nothing', async () => {
    const metrics = new Metrics();
    const failing = { ...inMemoryEventLog(), append: () => Promise.reject(new Error('disk')) };
    await expect(measuredLog(failing, metrics, clock).append([entry('a')])).rejects.toThrow('disk');
    const samples = await samplesOf(metrics);
    expect(samples).toContain('heed_append_failures_total 1');
    expect(samples).toContain('heed_append_seconds_count 0');
  });

  it('tells how far the projector is behind, in entries and in the age of what it has read', async () => {
    const metrics = new Metrics();
    const log = measuredLog(inMemoryEventLog(), metrics, clock);
    await log.append([entry('a', '{}', 4_000)]);
    const read = Promise.withResolvers<undefined>();
    const reader = log.consume(PROJECTOR_GROUP, { maxBatch: 10 }, () => {
      read.resolve(undefined);
      return Promise.resolve();
    });
    await read.promise;
    await reader.stop();
    expect(await samplesOf(metrics)).toContain('heed_projector_lag_seconds 0');
    await log.append([entry('b', '{}', 9_000), entry('c', '{}', 9_500)]);
    const samples = await samplesOf(metrics);
    expect(samples).toContain('heed_projector_lag_entries 2');
    expect(samples).toContain('heed_projector_lag_seconds 6');
    expect(samples).toContain('heed_projection_batch_entries_sum 1');
  });

  it('looks once how far the projector is behind, for both figures of one answer', async () => {
    const metrics = new Metrics();
    let looks = 0;
    const log = inMemoryEventLog();
    const looked = {
      ...log,
      lag: (...group: Parameters<typeof log.lag>) => {
        looks += 1;
        return log.lag(...group);
      },
    };
    measuredLog(looked, metrics, clock);
    await metrics.text();
    expect(looks).toBe(1);
    await metrics.text();
    expect(looks).toBe(2);
  });
});

describe('a measured log that does not answer', () => {
  it.each([
    ['is silent', () => new Promise<never>(() => undefined)],
    ['refuses', () => Promise.reject(new Error('down'))],
  ])('and %s leaves its lag without a sample, and everything else as it is', async (_, lag) => {
    const metrics = new Metrics();
    const log = inMemoryEventLog();
    let answers = true;
    const falters = { ...log, lag: (group: string) => (answers ? log.lag(group) : lag()) };
    const measured = measuredLog(falters, metrics, clock, 20);
    await measured.append([entry('a')]);
    expect(await samplesOf(metrics)).toContain('heed_projector_lag_entries 1');
    answers = false;
    const samples = await samplesOf(metrics);
    expect(samples.filter((sample) => sample.startsWith('heed_projector_lag'))).toEqual([]);
    expect(samples).toContain('heed_log_entries_total{outcome="appended"} 1');
  });
});

describe('a measured session store', () => {
  it('counts what was written, and nothing that was not', async () => {
    const metrics = new Metrics();
    const store = new InMemorySessionStore();
    const measured = measuredSessionStore(store, metrics);
    const letter = { ...exampleDeadLetter(tenantId('t'), ''), reason: 'oversized' as const };
    await measured.apply({ filed: [], derived: [], deadLetters: [letter] });
    const failing = measuredSessionStore(
      Object.assign(new InMemorySessionStore(), { apply: () => Promise.reject(new Error('down')) }),
      metrics,
    );
    await expect(failing.apply({ filed: [], derived: [], deadLetters: [letter] })).rejects.toThrow('down');
    expect(await samplesOf(metrics)).toContain('heed_dead_letters_total{reason="oversized"} 1');
  });
});

describe('the metrics of Heed', () => {
  it('are in the table for operators, every one, and no other is', async () => {
    const metrics = new Metrics();
    measuredLog(inMemoryEventLog(), metrics, clock);
    const measured = [...(await metrics.text()).matchAll(/^# TYPE (heed_\w+) (\w+)$/gmu)].map(
      ([, name, type]) => [name, type],
    );
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/metrics.md'), 'utf8');
    const documented = [...page.matchAll(/^\| `(heed_\w+)` +\| (\w+)/gmu)].map(([, name, type]) => [
      name,
      type,
    ]);
    expect(documented.toSorted()).toEqual(measured.toSorted());
  });
});
