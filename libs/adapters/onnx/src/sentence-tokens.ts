import { Tokenizer } from '@huggingface/tokenizers';
import { encoderFault, type EncoderFiles } from './sentence-encoder-files.ts';

/** Tokens that an encoder may know beyond its tokenizer's: their number is often brought up to a multiple of 128 at most. */
const MOST_SPARE = 128;

/** A text's tokens, and whether it was longer than what is read of it. */
export interface Tokens {
  readonly ids: readonly number[];
  readonly isCut: boolean;
}

/** Texts to the tokens that an encoder knows, cut to its maximum with the tokens that close a text kept. */
export class SentenceTokens {
  /** The last token that the tokenizer knows. */
  readonly lastId: number;
  readonly #tokenizer: Tokenizer;
  readonly #most: number;
  /** Tokens behind each text. */
  readonly #closing: number;

  /** Throws Fault `encoder-unreadable` when the tokenizer is not this encoder's. */
  constructor(directory: string, { tokenizer, tokenizerConfig, mostTokens, vocabulary }: EncoderFiles) {
    try {
      this.#tokenizer = new Tokenizer(tokenizer, tokenizerConfig);
      this.#closing = this.#countClosing();
    } catch (error) {
      throw encoderFault(directory, 'tokenizer.json is not a tokenizer that can be read', error);
    }
    this.#most = mostTokens;
    this.lastId = 0;
    for (const id of this.#tokenizer.get_vocab(true).values()) this.lastId = Math.max(this.lastId, id);
    if (this.lastId >= vocabulary || this.lastId + MOST_SPARE < vocabulary)
      throw encoderFault(
        directory,
        `tokenizer.json belongs to another encoder: it has tokens up to number ${String(this.lastId)}, config.json says that the encoder knows ${String(vocabulary)}`,
      );
  }

  of(text: string): Tokens {
    const { ids } = this.#tokenizer.encode(text);
    if (ids.length <= this.#most) return { ids, isCut: false };
    const closing = ids.slice(ids.length - this.#closing);
    return { ids: [...ids.slice(0, this.#most - closing.length), ...closing], isCut: true };
  }

  #countClosing(): number {
    const bare = this.#tokenizer.encode('a', { add_special_tokens: false }).ids;
    const whole = this.#tokenizer.encode('a').ids;
    return whole.length - bare.length - Math.max(0, whole.indexOf(bare[0] ?? -1));
  }
}
