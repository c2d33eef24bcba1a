/** A source of randomness that comes in as a parameter: the same seed gives the same draws on every machine. */
export interface SeededRandom {
  /** Uniform in [0, 1), 32 bits of it. */
  next(): number;
  /** Uniform whole number in [0, bound). */
  below(bound: number): number;
  /** One element, each as likely. Throws RangeError when there is none to pick. */
  pick<T>(items: readonly T[]): T;
  /** True with this probability. */
  chance(probability: number): boolean;
}

/**
 * sfc32 (Doty-Humphrey, PractRand): 128 bits of state, passes PractRand to 32 TB. Seeded by running a splitmix-style mix
 * over the seed, so that neighbouring seeds start far apart.
 *
 * @example seededRandom(7).below(6) // a die that always falls the same way
 */
export function seededRandom(seed: number): SeededRandom {
  let [a, b, c] = [mix(seed), mix(seed + 0x9e3779b9), mix(seed + 0x3c6ef372)];
  let counter = 1;
  const draw = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) draw();
  const next = (): number => draw() / 4294967296;
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    next,
    below,
    pick: (items) => {
      if (items.length === 0) throw new RangeError('pick needs at least one item');
      return items[below(items.length)] as (typeof items)[number];
    },
    chance: (probability) => next() < probability,
  };
}

function mix(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
}
