import { laterFigures, modelCard, type ModelCard } from '@heed/rewards';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { caughtUp } from './post-events.ts';
import { heedJson, startService, type Service } from './run-heed.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');
const DATA = join(process.env['HEED_SHARED'] ?? join(REPOSITORY, '../shared'), 'data', 'uss');
const isMissing = !existsSync(DATA) && process.env['CI'] !== 'true';
if (isMissing)
  console.warn(
    `No model is learned from real ratings: there is no ${DATA}; set HEED_SHARED to the folder that holds data/.`,
  );

/** USS: dialogues of which three and more raters say how satisfied the user is, turn by turn. */
describe.skipIf(isMissing)('heed train defect, on turns that people rated', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-ratings-'));
  const dataDir = join(folder, 'data');
  const at = ['--data', dataDir];
  let service: Service;
  let card: ModelCard;

  const eventsOf = (corpus: string): string => {
    const script = join(REPOSITORY, 'docs/import/uss-to-cloudevents.mjs');
    const path = join(folder, `${corpus}.jsonl`);
    const file = join(DATA, `${corpus}.txt.gz`);
    writeFileSync(path, execFileSync(process.execPath, [script, file], { maxBuffer: 1 << 30 }));
    return path;
  };

  beforeAll(async () => {
    service = await startService(dataDir);
    await heedJson(z.unknown(), ['import', eventsOf('SGD'), ...at]);
    await caughtUp(service.url);
    card = await heedJson(modelCard, ['train', 'defect', ...at]);
  });
  afterAll(async () => {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('passes every gate on later dialogues, and tells more than the rules do', () => {
    expect(card.gates.filter(({ passed }) => !passed)).toEqual([]);
    expect(card.rules).toMatchObject({ beatsRules: true, replacesRules: true });
    expect(card.rules?.auroc.interval.low).toBeGreaterThan(0.1);
  });

  it('tells more than the rules on dialogues of another kind, too', async () => {
    const figures = await heedJson(laterFigures, ['evaluate', 'defect', '--from', eventsOf('CCPE'), ...at]);
    expect(figures).toMatchObject({ trainedOn: 0, rules: { beatsRules: true } });
    expect(figures.intervals.auroc.low).toBeGreaterThan(0.7);
  });
});
