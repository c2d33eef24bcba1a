import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraphBuilder } from './graph-builder.ts';

/** Tokens of the small encoder, by number. */
export const VOCABULARY = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'play', 'jazz', 'stop', 'now'];
/** What the small encoder gives for each token, whatever stands beside it. */
export const STATES = VOCABULARY.map((_, id) => [id, id % 3, -id / 2]);

const special = (id: number): object => ({
  ...{ id, special: true, content: VOCABULARY[id] },
  ...{ single_word: false, lstrip: false, rstrip: false, normalized: false },
});
const templateToken = (id: number): readonly [string, object] => [
  VOCABULARY[id] ?? '',
  { id: VOCABULARY[id], ids: [id], tokens: [VOCABULARY[id]] },
];

/** The graph of an encoder that looks its tokens up and no more. */
export function lookUpGraph(
  input = 'input_ids',
  states: readonly (readonly number[])[] = STATES,
): Uint8Array {
  const graph = new GraphBuilder();
  const ids = graph.input(input, 'int64', ['texts', 'tokens']);
  graph.input('attention_mask', 'int64', ['texts', 'tokens']);
  graph.node('Gather', [graph.floats(states.flat(), [states.length, 3]), ids], {}, 'last_hidden_state');
  graph.output('last_hidden_state', ['texts', 'tokens', 3]);
  return graph.model('small-encoder', () => ({}));
}

/** Every file of a small encoder's directory: 3 numbers a text, six tokens at most. */
export function smallEncoderFiles(): Record<string, Uint8Array | object> {
  return {
    'config.json': { hidden_size: 3, vocab_size: VOCABULARY.length, max_position_embeddings: 512 },
    'sentence_bert_config.json': { max_seq_length: 6 },
    '1_Pooling/config.json': { pooling_mode_mean_tokens: true, pooling_mode_cls_token: false },
    'tokenizer_config.json': { tokenizer_class: 'BertTokenizer' },
    'tokenizer.json': {
      version: '1.0',
      added_tokens: [0, 1, 2, 3].map(special),
      normalizer: { type: 'Lowercase' },
      pre_tokenizer: { type: 'WhitespaceSplit' },
      post_processor: {
        type: 'TemplateProcessing',
        single: [
          { SpecialToken: { id: '[CLS]', type_id: 0 } },
          { Sequence: { id: 'A', type_id: 0 } },
          { SpecialToken: { id: '[SEP]', type_id: 0 } },
        ],
        pair: [],
        special_tokens: Object.fromEntries([templateToken(2), templateToken(3)]),
      },
      decoder: null,
      model: {
        type: 'WordPiece',
        unk_token: '[UNK]',
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
        vocab: Object.fromEntries(VOCABULARY.map((token, id) => [token, id])),
      },
    },
    'onnx/model.onnx': lookUpGraph(),
  };
}

export function writeFiles(directory: string, files: Readonly<Record<string, Uint8Array | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(directory, name, '..'), { recursive: true });
    writeFileSync(join(directory, name), content instanceof Uint8Array ? content : JSON.stringify(content));
  }
}
