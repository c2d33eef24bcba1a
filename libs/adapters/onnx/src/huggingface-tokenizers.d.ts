/** The part that is used here: the package's own types name their files without an extension, so that Node's resolution finds none of them. */
declare module '@huggingface/tokenizers' {
  export class Tokenizer {
    /** The contents of tokenizer.json and tokenizer_config.json. */
    constructor(tokenizer: object, config: object);
    encode(text: string, options?: { readonly add_special_tokens?: boolean }): { readonly ids: number[] };
    /** Numbers by token. */
    get_vocab(withAddedTokens?: boolean): ReadonlyMap<string, number>;
  }
}
