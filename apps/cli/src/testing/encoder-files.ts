import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const vocab = { '[UNK]': 0, play: 1, jazz: 2 };

/** Files of a sentence encoder, as far as they are read before its graph is run. */
const files: Readonly<Record<string, unknown>> = {
  'config.json': { hidden_size: 3, vocab_size: Object.keys(vocab).length },
  'sentence_bert_config.json': { max_seq_length: 6 },
  '1_Pooling/config.json': { pooling_mode_mean_tokens: true },
  'tokenizer_config.json': {},
  'tokenizer.json': {
    version: '1.0',
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', vocab },
  },
  'onnx/model.onnx': 'never run',
};

/** A directory that tells of a sentence encoder, but for one file that it may lack. */
export async function writeEncoderFiles(directory: string, without?: string): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    if (name === without) continue;
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), JSON.stringify(content));
  }
}
