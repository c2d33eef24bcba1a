import { FEATURES_VERSION } from '@heed/rewards';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs/light.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkedModel, modelInFile } from './model-file.ts';
import { ONNX_MESSAGES } from './onnx-messages.ts';
import { rewardGraph } from './reward-graph.ts';
import { RewardScorer } from './reward-scorer.ts';
import { trainedHead, trainingTable } from './trained-heads.fixture.ts';

const head = trainedHead(false, 'platt');
const origin = { purpose: 'love', heedVersion: '0.1.0' } as const;
const whole = rewardGraph(head, trainingTable, origin);

const modelProto = protobuf.Root.fromJSON(ONNX_MESSAGES).lookupType('ModelProto');
/** As other programs write it. */
const foreign = modelProto
  .encode(modelProto.fromObject({ irVersion: 8, producerName: 'pytorch', graph: whole.slice(0, 100) }))
  .finish();
const damaged = whole.with(1_000_000, (whole[1_000_000] ?? 0) ^ 1);
const ofFeatures = (featuresVersion: string): Uint8Array =>
  rewardGraph({ ...head, featuresVersion }, trainingTable, origin);

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'heed-model-'))));
afterAll(() => rm(folder, { recursive: true }));

async function saved(bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, 'model.onnx');
  await writeFile(path, bytes);
  return path;
}

describe('a model file', () => {
  it('tells of itself without being run', async () => {
    const { facts } = await modelInFile(await saved(whole));
    expect(facts).toEqual({
      purpose: 'love',
      reading: 'answer',
      features: FEATURES_VERSION,
      heedVersion: '0.1.0',
      graphSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });

  it('is the same for the same head, and another for another', () => {
    expect(Buffer.compare(rewardGraph(head, trainingTable, origin), whole)).toBe(0);
    const other = rewardGraph({ ...head, bias: head.bias + 1 }, trainingTable, origin);
    expect(checkedModel(other, 'other').facts.graphSha256).not.toBe(
      checkedModel(whole, 'whole').facts.graphSha256,
    );
  });

  it.each([
    ['an empty file', '', 'model-empty', /is empty/],
    ['a text', 'not a model, but a text\n', 'model-not-onnx', /no ONNX model/],
    ['a text that begins as a field would', '\nplain', 'model-not-onnx', /no ONNX model/],
    ['a model of another program', foreign, 'model-foreign', /by pytorch.*which features/],
    ['its first half', whole.slice(0, whole.length / 2), 'model-truncated', /part of it is missing/],
    ['its first byte', whole.slice(0, 1), 'model-truncated', /part of it is missing/],
    ['all but its last byte', whole.slice(0, -1), 'model-truncated', /part of it is missing/],
    ['a flipped bit', damaged, 'model-damaged', /SHA-256/],
    ['other features', ofFeatures('grams-0'), 'model-features-differ', /grams-0.*reads grams-1/],
  ])('%s is refused, with what it is and what to do', async (_, bytes, code, message) => {
    const path = await saved(bytes);
    const fault = { code, message: expect.stringMatching(message) as string };
    await expect(RewardScorer.open(path)).rejects.toMatchObject(fault);
    await expect(modelInFile(path)).rejects.toMatchObject({
      message: expect.stringContaining(path) as string,
      remedy: expect.stringMatching(/heed train|[Tt]rain it again/) as string,
    });
  });

  it('of an encoder beside is read, and not scored with where there is none', async () => {
    const path = await saved(ofFeatures(`${FEATURES_VERSION}+minilm`));
    expect((await modelInFile(path)).facts.features).toBe(`${FEATURES_VERSION}+minilm`);
    await expect(RewardScorer.open(path)).rejects.toMatchObject({
      code: 'model-needs-encoder',
      message: expect.stringMatching(/beside a sentence encoder.*minilm.*given none/) as string,
      remedy: expect.stringContaining('HEED_ENCODERS') as string,
    });
  });

  it('is refused wherever it is cut', () => {
    const codes = new Set(
      Array.from({ length: 400 }, (_, n) => {
        const end = n < 200 ? n + 1 : whole.length - (n - 199);
        try {
          checkedModel(whole.slice(0, end), 'cut');
          return `taken, cut at ${end}`;
        } catch (error) {
          return error instanceof Error && 'code' in error ? error.code : String(error);
        }
      }),
    );
    expect([...codes]).toEqual(['model-truncated']);
  });

  it('is missed where there is none, and a folder is none', async () => {
    await expect(modelInFile(join(folder, 'none.onnx'))).rejects.toMatchObject({ code: 'model-missing' });
    await expect(modelInFile(folder)).rejects.toMatchObject({
      code: 'model-unreadable',
      message: expect.stringContaining('a folder') as string,
    });
  });
});
