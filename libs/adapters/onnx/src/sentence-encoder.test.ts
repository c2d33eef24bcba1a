import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lookUpGraph, smallEncoderFiles, STATES, writeFiles } from './sentence-encoder.fixture.ts';
import { OnnxSentenceEncoder } from './sentence-encoder.ts';

const SHARED = process.env['HEED_SHARED'] ?? fileURLToPath(new URL('../../../../../shared', import.meta.url));
const MINI_LM = join(SHARED, 'models', 'all-minilm-l6-v2');
const isMissing = !existsSync(MINI_LM) && process.env['CI'] !== 'true';
if (isMissing)
  console.warn(
    `The real encoder is not tried: there is no ${MINI_LM}; set HEED_SHARED to the folder that holds models/`,
  );

const made: string[] = [];
const opened: OnnxSentenceEncoder[] = [];
afterEach(async () => {
  for (const encoder of opened.splice(0)) await encoder.close();
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

function directoryOf(
  change: (files: ReturnType<typeof smallEncoderFiles>) => void = () => undefined,
): string {
  const folder = mkdtempSync(join(tmpdir(), 'heed-encoder-'));
  made.push(folder);
  const files = smallEncoderFiles();
  change(files);
  writeFiles(folder, files);
  return folder;
}

async function open(directory: string): Promise<OnnxSentenceEncoder> {
  const encoder = await OnnxSentenceEncoder.open(directory);
  opened.push(encoder);
  return encoder;
}

/** Mean of these tokens' states. */
function meanOf(ids: readonly number[]): readonly number[] {
  return [0, 1, 2].map((n) => ids.reduce((sum, id) => sum + (STATES[id]?.[n] ?? NaN), 0) / ids.length);
}

function normalised(vector: readonly number[]): readonly number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function expectClose(row: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(row).toHaveLength(expected.length);
  expect(largestGap(row, expected)).toBeLessThan(1e-5);
}

function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, at) => Math.abs(value - (b[at] ?? NaN))));
}

describe('a small sentence encoder', () => {
  it('is the mean of its tokens, brought to length 1, in the order of the texts', async () => {
    const encoder = await open(directoryOf());
    const rows = await encoder.embed(['play jazz now', '', 'stop', 'Play  JAZZ now']);
    expectClose(
      rows,
      [
        [2, 4, 5, 7, 3],
        [2, 3],
        [2, 6, 3],
        [2, 4, 5, 7, 3],
      ].flatMap((ids) => normalised(meanOf(ids))),
    );
    expect(encoder.cut).toBe(0);
  });

  it('reads the beginning of a text that is too long, closes it, and counts it', async () => {
    const encoder = await open(directoryOf());
    const rows = await encoder.embed(['play jazz now stop', 'play jazz now stop stop stop']);
    expectClose(rows.subarray(3), rows.subarray(0, 3));
    expect(encoder.cut).toBe(1);
  });

  it('reads one text of 64 KiB', async () => {
    const encoder = await open(directoryOf());
    expectClose(await encoder.embed(['jazz '.repeat(13_107)]), normalised(meanOf([2, 5, 5, 5, 5, 3])));
  });

  it('gives nothing for no texts', async () => {
    expect(await (await open(directoryOf())).embed([])).toEqual(new Float32Array());
  });

  it('leaves lengths as they are where its modules do not normalise', async () => {
    const encoder = await open(
      directoryOf((files) => {
        files['modules.json'] = [{ type: 'sentence_transformers.models.Pooling' }];
      }),
    );
    expectClose(await encoder.embed(['jazz']), meanOf([2, 5, 3]));
  });

  it('takes the first token where its pooling says so', async () => {
    const encoder = await open(
      directoryOf((files) => {
        files['1_Pooling/config.json'] = { pooling_mode_mean_tokens: false, pooling_mode_cls_token: true };
      }),
    );
    expectClose(await encoder.embed(['jazz']), normalised(meanOf([2])));
  });

  it('is another version when a weight is another', async () => {
    const [one, same, other] = [
      await open(directoryOf()),
      await open(directoryOf()),
      await open(
        directoryOf((files) => {
          files['onnx/model.onnx'] = lookUpGraph(
            'input_ids',
            STATES.map((row) => row.map((value) => value + 1)),
          );
        }),
      ),
    ];
    expect(same.version).toBe(one.version);
    expect(other.version).not.toBe(one.version);
  });
});

describe('a directory that is no sentence encoder', () => {
  const without = (name: string) => (files: ReturnType<typeof smallEncoderFiles>) => {
    Reflect.deleteProperty(files, name);
  };
  const withFile =
    (name: string, content: Uint8Array | object) => (files: ReturnType<typeof smallEncoderFiles>) => {
      files[name] = content;
    };
  it.each([
    ['a missing graph', without('onnx/model.onnx'), 'no onnx/model.onnx'],
    ['a missing tokenizer', without('tokenizer.json'), 'no tokenizer.json'],
    ['a missing pooling', without('1_Pooling/config.json'), 'no 1_Pooling/config.json'],
    [
      'a config of something else',
      withFile('config.json', { vocab_size: 8 }),
      'config.json: ✖ Invalid input: expected number, received undefined',
    ],
    ['a tokenizer that is none', withFile('tokenizer.json', {}), 'not a tokenizer that can be read'],
    [
      'an encoder of fewer tokens',
      withFile('config.json', { hidden_size: 3, vocab_size: 5 }),
      'tokens up to number 7, config.json says that the encoder knows 5',
    ],
    [
      'an encoder of many more tokens, of whose tokenizer this is no part',
      withFile('config.json', { hidden_size: 3, vocab_size: 500 }),
      'tokens up to number 7, config.json says that the encoder knows 500',
    ],
    [
      'a graph of fewer tokens than config.json says',
      withFile('onnx/model.onnx', lookUpGraph('input_ids', STATES.slice(0, 5))),
      'does not run with the tokens of tokenizer.json',
    ],
    [
      'a graph of another kind',
      withFile('onnx/model.onnx', lookUpGraph('pixels')),
      'it takes pixels, attention_mask and gives last_hidden_state',
    ],
    [
      'vectors of another size',
      withFile('config.json', { hidden_size: 4, vocab_size: 8 }),
      'gives float32 [1,1,3], and config.json says 4 numbers for each token',
    ],
    [
      'a truncated graph',
      withFile('onnx/model.onnx', lookUpGraph().subarray(0, 100)),
      'onnxruntime cannot load its graph',
    ],
    [
      'a pooling that is not known',
      withFile('1_Pooling/config.json', { pooling_mode_max_tokens: true }),
      '1_Pooling/config.json asks for something else',
    ],
  ])('is refused: %s', async (_, change, problem) => {
    const directory = directoryOf(change);
    await expect(OnnxSentenceEncoder.open(directory)).rejects.toMatchObject({
      code: 'encoder-unreadable',
      message: expect.stringContaining(problem) as string,
      remedy: expect.stringContaining('sentence-transformers') as string,
    });
  });

  it('says so of a directory that is not there', async () => {
    await expect(OnnxSentenceEncoder.open('/nowhere')).rejects.toThrow('it has no config.json');
  });
});

describe.skipIf(isMissing)('all-MiniLM-L6-v2', () => {
  let encoder: OnnxSentenceEncoder;
  beforeAll(async () => {
    encoder = await OnnxSentenceEncoder.open(MINI_LM);
  }, 60_000);
  afterAll(() => encoder.close());

  function cosine(rows: Float32Array, a: number, b: number): number {
    let sum = 0;
    for (let n = 0; n < encoder.size; n++)
      sum += (rows[a * encoder.size + n] ?? NaN) * (rows[b * encoder.size + n] ?? NaN);
    return sum;
  }

  // The similarities that https://sbert.net/docs/quickstart.html prints for these three sentences. These files hold the weights in 8 bits,
  // which moves a similarity by up to .006 (their SOURCE.md).
  it('finds the published similarities', { timeout: 60_000 }, async () => {
    const rows = await encoder.embed([
      'The weather is lovely today.',
      "It's so sunny outside!",
      'He drove to the stadium.',
    ]);
    expect(Math.abs(cosine(rows, 0, 1) - 0.666)).toBeLessThan(0.006);
    expect(Math.abs(cosine(rows, 0, 2) - 0.1046)).toBeLessThan(0.006);
    expect(Math.abs(cosine(rows, 1, 2) - 0.1411)).toBeLessThan(0.006);
  });

  it('gives each text alone what it gives it among others', { timeout: 60_000 }, async () => {
    const texts = [
      '',
      'no',
      'Zürich 😀',
      'play some jazz, please',
      'and so on '.repeat(40),
      'word '.repeat(300),
    ];
    const cutBefore = encoder.cut;
    const together = await encoder.embed(texts);
    expect(encoder.cut - cutBefore).toBe(1);
    for (const [row, text] of texts.entries())
      expectClose(
        await encoder.embed([text]),
        together.subarray(row * encoder.size, (row + 1) * encoder.size),
      );
  });
});
