import { describe, expect, it } from 'vitest';
import { jsonLog } from './log.ts';
import { Readiness, type Need } from './readiness.ts';

const ANSWER_MS = 20;

describe('readiness', () => {
  it('names what does not answer, whether it fails or is silent, and tells the log once', async () => {
    const lines: string[] = [];
    const journal = jsonLog('info', (line) => lines.push(line));
    const needs: Need[] = [
      { name: 'PostgreSQL', ask: () => Promise.resolve() },
      { name: 'Kafka', ask: () => new Promise(() => undefined) },
      { name: 'ClickHouse', ask: () => Promise.reject(new Error('refused at 10.0.0.1')) },
    ];
    const readiness = new Readiness(needs, journal, ANSWER_MS);
    readiness.set(true);
    const said = await Promise.all([readiness.whyNot(), readiness.whyNot()]);
    expect(said).toEqual(Array(2).fill('No answer from Kafka, ClickHouse.'));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ level: 'warn', event: 'not-ready', stores: 'Kafka, ClickHouse' }),
    ]);
  });

  it('asks once however many look, and not again who has not answered yet', async () => {
    let asked = 0;
    const need: Need = {
      name: 'Kafka',
      ask: () => {
        asked += 1;
        return new Promise(() => undefined);
      },
    };
    let nowMs = 0;
    const readiness = new Readiness(
      [need],
      jsonLog('silent', () => undefined),
      ANSWER_MS,
      () => nowMs,
    );
    readiness.set(true);
    await Promise.all(Array.from({ length: 10 }, () => readiness.whyNot()));
    nowMs += 5_000;
    expect(await readiness.whyNot()).toBe('No answer from Kafka.');
    expect(asked).toBe(1);
  });

  it('asks again after a second', async () => {
    let broken = true;
    const need: Need = {
      name: 'Kafka',
      ask: () => (broken ? Promise.reject(new Error('gone')) : Promise.resolve()),
    };
    let nowMs = 0;
    const readiness = new Readiness(
      [need],
      jsonLog('silent', () => undefined),
      ANSWER_MS,
      () => nowMs,
    );
    readiness.set(true);
    expect(await readiness.whyNot()).toBe('No answer from Kafka.');
    broken = false;
    nowMs += 999;
    expect(await readiness.whyNot()).toBe('No answer from Kafka.');
    nowMs += 1;
    expect(await readiness.whyNot()).toBeNull();
  });

  it('asks nobody before the process takes work, nor when it ends', async () => {
    const need: Need = { name: 'Kafka', ask: () => expect.fail('asked') };
    const readiness = new Readiness(
      [need],
      jsonLog('silent', () => undefined),
    );
    expect(await readiness.whyNot()).toBe('Starting, or shutting down.');
  });
});
