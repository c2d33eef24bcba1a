/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import { textsOf } from '../answered-turn.ts';
import { FeatureReader, type ReadableTurn, type Reading } from './feature-reader.ts';
import type { FeatureTable } from './feature-table.ts';
import type { SentenceEncoder } from './sentence-encoder.ts';

/**
 * The native features with, as further numbers, each text's vector and the products of each two texts' vectors number by number, by which a linear model can
 * tell how near they lie and in what. With vectors of 384 a turn takes 5 kB, of the aftermath 10 kB.
 */
export async function readWithEncoder(
  reading: Reading,
  turns: readonly ReadableTurn[],
  encoder: SentenceEncoder,
): Promise<FeatureTable> {
  const native = new FeatureReader(reading).read(turns);
  const texts = turns.map((turn) => textsReadIn(reading, turn));
  const each = reading === 'answer' ? 2 : 3;
  const { size, version } = encoder;
  const vectors = await encoder.embed(texts.flat());
  const added = (each + (each * (each - 1)) / 2) * size;
  const numbers = native.numbers + added;
  const values = new Float32Array(turns.length * numbers);
  for (let turn = 0; turn < turns.length; turn++) {
    values.set(native.values.subarray(turn * native.numbers, (turn + 1) * native.numbers), turn * numbers);
    const own = vectors.subarray(turn * each * size, (turn + 1) * each * size);
    let to = turn * numbers + native.numbers;
    values.set(own, to);
    to += own.length;
    for (let one = 0; one < each; one++)
      for (let other = one + 1; other < each; other++)
        for (let n = 0; n < size; n++) values[to++] = own[one * size + n]! * own[other * size + n]!;
  }
  return { ...native, numbers, values, encoded: { by: version, numbers: added } };
}

function textsReadIn(reading: Reading, turn: ReadableTurn): readonly string[] {
  const { request, response } = textsOf(turn);
  return reading === 'answer' ? [request, response] : [request, response, turn.aftermath?.next ?? ''];
}
