/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import { Fault } from '@heed/kernel';
import { textsOf } from '../answered-turn.ts';
import { FeatureReader, type ReadableTurn, type Reading } from './feature-reader.ts';
import type { FeatureTable } from './feature-table.ts';
import type { SentenceEncoder } from './sentence-encoder.ts';

/** Turns whose texts are encoded together: what is held of them beside the table stays small, and batches are still of like length. */
const ENCODED_AT_ONCE = 512;

/** Texts of a turn that are encoded. */
const TEXTS: Readonly<Record<Reading, number>> = { answer: 2, aftermath: 3 };

/** Numbers that an encoder adds to those of a turn: each text's vector, and the products of each two. */
export function encodedNumbers(reading: Reading, { size }: Pick<SentenceEncoder, 'size'>): number {
  const each = TEXTS[reading];
  return (each + (each * (each - 1)) / 2) * size;
}

/**
 * The native features with, as further numbers, each text's vector and the products of each two texts' vectors number by number, by which a linear model can
 * tell how near they lie and in what. With vectors of 384 a turn takes 5 kB, of the aftermath 10 kB.
 *
 * Throws what the encoder throws, and Fault `encoder-gives-otherwise` where it gives no vector of its size for each text.
 *
 * @param progress told of how many turns are encoded, as it goes
 */
export async function readWithEncoder(
  reading: Reading,
  turns: readonly ReadableTurn[],
  encoder: SentenceEncoder,
  progress: (turns: number) => void = () => undefined,
): Promise<FeatureTable> {
  const native = new FeatureReader(reading).read(turns);
  const added = encodedNumbers(reading, encoder);
  const numbers = native.numbers + added;
  const values = new Float32Array(turns.length * numbers);
  for (let turn = 0; turn < turns.length; turn++)
    values.set(native.values.subarray(turn * native.numbers, (turn + 1) * native.numbers), turn * numbers);
  for (let from = 0; from < turns.length; from += ENCODED_AT_ONCE) {
    progress(from);
    const some = turns.slice(from, from + ENCODED_AT_ONCE);
    const texts = some.flatMap((turn) => textsReadIn(reading, turn));
    const vectors = await encoder.embed(texts);
    if (vectors.length !== texts.length * encoder.size)
      throw givesOtherwise(encoder, texts.length, vectors.length);
    for (let turn = 0; turn < some.length; turn++)
      writeRow(values, (from + turn) * numbers + native.numbers, vectors, turn, TEXTS[reading], encoder.size);
  }
  return { ...native, numbers, values, encoded: { by: encoder.version, numbers: added } };
}

/** The vectors of a turn's texts and their products, from the place `at` on. */
function writeRow(
  values: Float32Array,
  at: number,
  vectors: Float32Array,
  turn: number,
  texts: number,
  size: number,
): void {
  const own = vectors.subarray(turn * texts * size, (turn + 1) * texts * size);
  values.set(own, at);
  let to = at + own.length;
  for (let one = 0; one < texts; one++)
    for (let other = one + 1; other < texts; other++)
      for (let n = 0; n < size; n++) values[to++] = own[one * size + n]! * own[other * size + n]!;
}

function textsReadIn(reading: Reading, turn: ReadableTurn): readonly string[] {
  const { request, response } = textsOf(turn);
  return reading === 'answer' ? [request, response] : [request, response, turn.aftermath?.next ?? ''];
}

function givesOtherwise({ version, size }: SentenceEncoder, texts: number, numbers: number): Fault {
  return new Fault(
    'encoder-gives-otherwise',
    `The sentence encoder ${version} gave ${numbers} numbers for ${texts} texts, where ${size} for each are ${texts * size}.`,
    'Let its `size` be that of its vectors, and `embed` give one row after the other, a row for each text in their order.',
  );
}
