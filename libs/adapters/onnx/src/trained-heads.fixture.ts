import { seededRandom } from '@heed/kernel';
import {
  FeatureReader,
  FEATURES_VERSION,
  fitIsotonic,
  fitPlatt,
  logitsOf,
  NetworkFit,
  scaled,
  scalingOf,
  WideFit,
  type Calibration,
  type ReadableTurn,
  type RewardHead,
} from '@heed/rewards';

const WORDS = ['sorry', 'jazz', 'Zürich', 'the', 'alarm', '😀', 'weather?', 'no', '42', 'playing'];

/** Turns of any length, empty ones and one of 64 KiB among them. */
function turnsOf(count: number): readonly (ReadableTurn & { readonly label: number })[] {
  const random = seededRandom(7);
  const text = (most: number): string =>
    Array.from({ length: random.below(most) }, () => random.pick(WORDS)).join(' ');
  return Array.from({ length: count }, (_, n) => {
    const response = n === 3 ? 'word '.repeat(13_000) : text(30);
    return {
      context: n === 5 ? [] : [{ role: 'user' as const, text: text(12) }],
      response,
      label: Number(random.chance(response.includes('sorry') ? 0.2 : 0.7)),
    };
  });
}

export const trainingTurns = turnsOf(300);
export const trainingTable = new FeatureReader('answer').read(trainingTurns);
const labels = Uint8Array.from(trainingTurns, ({ label }) => label);

/** Learned from `trainingTurns`, network and all. */
export function trainedHead(withNetwork: boolean, method: Calibration['method']): RewardHead {
  const scaling = scalingOf(trainingTable);
  const own = scaled(trainingTable, scaling);
  const wide = new WideFit(own, labels, { strength: 0.3, numberScale: 0.3 });
  for (let pass = 0; pass < 4; pass++) wide.pass(seededRandom(7));
  const { bias, places, numbers } = wide.model();
  const linear = { bias, wide: Float32Array.from(places), numbers: Float32Array.from(numbers) };
  const deep = new NetworkFit(own, labels, logitsOf(linear, own), seededRandom(8));
  for (let epoch = 0; epoch < 2; epoch++) deep.epoch(seededRandom(9));
  const learned = { ...linear, ...(withNetwork && { network: deep.network() }) };
  const cases = { scores: logitsOf(learned, own), labels };
  const calibration: Calibration =
    method === 'platt' ? { method, ...fitPlatt(cases) } : { method, ...fitIsotonic(cases) };
  return { featuresVersion: FEATURES_VERSION, reading: 'answer', scaling, ...learned, calibration };
}
