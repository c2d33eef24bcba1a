/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import type { UnitList } from './text-units.ts';
import { HASH_OFFSET, step } from './unit-hash.ts';
import { kindOfUnit, UNIT } from './unit-kinds.ts';

/** The words and signs of a text in order: runs of letters, and each unit that is neither a letter nor a blank. It holds where they stand, not what they say: the text must stay as it is. O(length). */
export class WordList {
  size = 0;
  units: Uint16Array = new Uint16Array();
  starts = new Int32Array(256);
  ends = new Int32Array(256);
  hashes = new Int32Array(256);
  /** `UNIT.letter` or `UNIT.sign`. */
  kinds = new Uint8Array(256);

  read({ units, length }: UnitList): void {
    this.#makeRoom(length);
    const { starts, ends, hashes, kinds } = this;
    let size = 0;
    for (let at = 1; at <= length;) {
      const start = at++;
      const kind = kindOfUnit(units[start]!);
      if (kind === UNIT.blank) continue;
      let hash = step(HASH_OFFSET, units[start]!);
      if (kind === UNIT.letter)
        while (at <= length && kindOfUnit(units[at]!) === UNIT.letter) hash = step(hash, units[at++]!);
      starts[size] = start;
      ends[size] = at;
      hashes[size] = hash;
      kinds[size++] = kind;
    }
    this.units = units;
    this.size = size;
  }

  #makeRoom(length: number): void {
    if (length <= this.starts.length) return;
    this.starts = new Int32Array(2 * length);
    this.ends = new Int32Array(2 * length);
    this.hashes = new Int32Array(2 * length);
    this.kinds = new Uint8Array(2 * length);
  }
}
