/** Turns texts into vectors that lie close where the texts mean the same: a port, for what can only run outside of this library. */
export interface SentenceEncoder {
  /** Names the encoder by what its files hold: another version, another space. */
  readonly version: string;
  /** Numbers of a text's vector. */
  readonly size: number;
  /** A row of `size` numbers for each text, in their order. A text's row does not hang on the texts beside it. */
  embed(texts: readonly string[]): Promise<Float32Array>;
}
