import { turnScore } from '@heed/contract';
import { seededRandom } from '@heed/kernel';
import { rewardGraph } from '@heed/onnx';
import { FeatureReader, fitHead, modelCard, scoreTurns, type AnsweredTurn } from '@heed/rewards';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonlOf, loveLog } from '../love-log.ts';
import { caughtUp } from '../post-events.ts';
import { heed, heedJson, startService } from '../run-heed.ts';
import { pythonScores } from './python-scores.ts';

const folder = mkdtempSync(join(tmpdir(), 'heed-python-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Scored {
  readonly score: number;
  readonly logit: number;
}

function expectAlike(python: readonly Scored[], own: readonly Scored[]): void {
  expect(python).toHaveLength(own.length);
  own.forEach(({ score, logit }, n) => {
    expect(Math.abs((python[n]?.score ?? NaN) - score)).toBeLessThan(1e-5);
    expect(Math.abs((python[n]?.logit ?? NaN) - logit)).toBeLessThan(1e-5);
  });
}

describe("Python's onnxruntime loads a model file", () => {
  it('that heed train wrote, knows it by its metadata, and gives the scores of heed score', async () => {
    const dataDir = join(folder, 'data');
    const at = ['--data', dataDir];
    const service = await startService(dataDir);
    try {
      const log = join(folder, 'log.jsonl');
      writeFileSync(log, jsonlOf(loveLog({ answers: 2000, name: 'python', startMs: Date.UTC(2026, 1, 1) })));
      await heedJson(z.unknown(), ['import', log, ...at]);
      await caughtUp(service.url);
      const rated = ['--positive', 'thumbs-up', '--negative', 'thumbs-down'];
      const card = await heedJson(modelCard, ['train', 'love', ...rated, ...at]);
      const file = join(dataDir, 'models', 'default', `${card.file.sha256}.onnx`);
      const turns: readonly AnsweredTurn[] = [
        ['play some jazz', 'Sure, here you go then. Have a lot of fun!'],
        ['will it rain', 'Sorry, I cannot do that. That is all I know.'],
        ['', ''],
        ['Spiel Jazz für Zoë 😀', `Gerne. ${'Und so weiter. '.repeat(300)}`],
      ].map(([text = '', response = '']) => ({ context: [{ role: 'user', text }], response }));
      const { code, stdout } = await heed(['score', file], jsonlOf(turns));
      expect(code).toBe(0);
      const own = stdout
        .trim()
        .split('\n')
        .map((line) => turnScore.parse(JSON.parse(line)));
      const { metadata, scores } = pythonScores(file, turns);
      expect(metadata).toMatchObject({
        'heed.purpose': 'love',
        'heed.features': card.versions.features,
      });
      expectAlike(scores, own);
      expect(scores[0]?.score).toBeGreaterThan((scores[1]?.score ?? 1) + 0.3);
    } finally {
      await service.stop();
    }
  });

  it('with a network in it, and gives the scores of the code that trained it', () => {
    const { turns, labels } = agreements(1600);
    const reader = new FeatureReader('answer');
    const part = (from: number, to: number) => ({
      table: reader.read(turns.slice(from, to)),
      labels: labels.slice(from, to),
    });
    const { head } = fitHead('answer', part(0, 1000), part(1000, 1300), 0, 7);
    expect(head.network).toBeDefined();
    const held = part(1300, 1600);
    const file = join(folder, 'network.onnx');
    writeFileSync(file, rewardGraph(head, held.table, { purpose: 'love', heedVersion: '0.1.0' }));
    const { logits, probabilities } = scoreTurns(head, held.table);
    const own = [...logits].map((logit, n) => ({ logit, score: probabilities[n] ?? NaN }));
    expectAlike(pythonScores(file, turns.slice(1300)).scores, own);
  });
});

/** Answers that are loved when they say of a request what it asks for: no sum over words can tell. */
function agreements(count: number): { readonly turns: readonly AnsweredTurn[]; readonly labels: Uint8Array } {
  const random = seededRandom(5);
  const said = Array.from({ length: count }, () => [random.below(2), random.below(2)] as const);
  return {
    turns: said.map(([asked, given]) => ({
      context: [{ role: 'user', text: asked === 1 ? 'switch on the lamp' : 'make it dark now' }],
      response: given === 1 ? 'There is light again.' : 'Good night to you.',
    })),
    labels: Uint8Array.from(said, ([asked, given]) => Number(asked === given)),
  };
}
