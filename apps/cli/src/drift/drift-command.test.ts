import type { ModelDrift } from '@heed/rewards';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeService, type FakeService } from '../testing/fake-service.ts';
import { runHeed, type CliRun } from '../testing/fake-shell.ts';

let service: FakeService | undefined;
afterEach(async () => {
  await service?.stop();
  service = undefined;
});

async function heed(drift: ModelDrift, ...argv: string[]): Promise<CliRun> {
  const body = `${JSON.stringify({ progress: { step: 'reading turns', done: 0, of: 3 } })}\n${JSON.stringify({ result: drift })}\n`;
  service = await fakeService({ routes: { 'POST /v1/train/models/love/drift': () => ({ body }) } });
  return runHeed(['drift', 'love', ...argv, '--url', service.url.href]);
}

const row = (name: string, beyondChance: number): ModelDrift['rows'][number] => ({
  ...{ name, beyondChance, stability: beyondChance + 0.02, chanceAtMost: 0.06, jensenShannon: 0.1 },
  isStale: beyondChance > 0.25,
});
const fresh: ModelDrift = {
  model: 'love-9f86d081884c7d65',
  verdict: 'fresh',
  says: 'Nothing that was watched has moved from the training window.',
  since: '2026-03-01T08:00:00.000Z',
  turns: 2000,
  rows: Array.from({ length: 12 }, (_, n) => row(`number-${String(n)}`, 0.02)),
  bound: 0.25,
  tooFew: [],
  takenBack: {
    reactions: 0,
    classes: [{ of: 'positive', turns: 0, counted: 900, share: 0 }],
    bound: 0.01,
    isStale: false,
    says: 'No reaction that it was learned from was taken back.',
  },
  stale: null,
};
const stale = (because: string): ModelDrift['stale'] => ({
  because,
  why: 'so it is',
  at: '2026-04-01T08:00:00.000Z',
});

describe('heed drift', () => {
  it('tells what moved most and that the model holds', async () => {
    const { code, stdout } = await heed(fresh);
    expect(code).toBe(0);
    expect(stdout).toContain('2,000 answered turns after 2026-03-01T08:00:00.000Z');
    expect(stdout).toContain('Stale above 0.25 beyond chance; --json has the other 2.');
    expect(stdout).toMatch(/No reaction .*\n\nIt is not stale\.\n$/);
  });

  it('exits with 3 when turns are others, and says which', async () => {
    const moved = {
      ...fresh,
      verdict: 'stale' as const,
      rows: [row('score', 0.4)],
      stale: stale('drift'),
    };
    const { code, stdout } = await heed(moved);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^score +0\.420 +0\.400 +0\.100 +STALE$/m);
    expect(stdout).toContain('It is stale since 2026-04-01T08:00:00.000Z (drift: so it is)');
  });

  it('exits with 3 when too many reactions were taken back, and prints all of it as JSON', async () => {
    const gone = {
      ...fresh,
      takenBack: { ...fresh.takenBack, isStale: true },
      stale: stale('retraction'),
    };
    const { code, stdout } = await heed(gone, '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual(gone);
  });

  it('exits with 0 when the model is stale by something else, and says so', async () => {
    const { code, stdout } = await heed({ ...fresh, stale: stale('erasure') });
    expect(code).toBe(0);
    expect(stdout).toContain('(erasure: so it is)');
  });
});
