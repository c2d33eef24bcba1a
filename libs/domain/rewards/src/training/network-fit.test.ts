import { seededRandom } from '@heed/kernel';
import { areaUnderRoc } from '@heed/statistics';
import { describe, expect, it } from 'vitest';
import { FeatureReader } from '../features/feature-reader.ts';
import { logitsOf } from '../reward-head.ts';
import { NetworkFit } from './network-fit.ts';
import { scaled, scalingOf } from './scaling.ts';
import { WideFit } from './wide-fit.ts';

const MOODS = ['in a hurry', 'at leisure'];
const STYLES = ['Short answer.', 'Let me tell you the whole story.'];

/** Loved when mood and style go together: no sum of what is thought of either can say it. */
function matched(count: number, seed: number) {
  const random = seededRandom(seed);
  const reader = new FeatureReader('answer');
  const rows = Array.from({ length: count }, () => {
    const [mood, style] = [random.below(2), random.below(2)];
    return {
      turn: {
        context: [{ role: 'user' as const, text: `I am ${MOODS[mood] ?? ''}` }],
        response: STYLES[style] ?? '',
      },
      label: Number(random.chance(mood === style ? 0.9 : 0.1)),
    };
  });
  return {
    table: reader.read(rows.map(({ turn }) => turn)),
    labels: Uint8Array.from(rows, ({ label }) => label),
  };
}

describe('NetworkFit', () => {
  const fit = matched(1500, 7);
  const later = matched(500, 8);
  const scaling = scalingOf(fit.table);
  const [table, held] = [scaled(fit.table, scaling), scaled(later.table, scaling)];
  const wide = new WideFit(table, fit.labels, { strength: 0.1, numberScale: 0.3 });
  for (let pass = 0; pass < 5; pass++) wide.pass(seededRandom(7));
  const { bias, places, numbers } = wide.model();
  const linear = { bias, wide: Float32Array.from(places), numbers: Float32Array.from(numbers) };
  const offsets = logitsOf(linear, table);

  it('says nothing before it has learned', () => {
    const network = new NetworkFit(table, fit.labels, offsets, seededRandom(7)).network();
    expect(logitsOf({ ...linear, network }, held)).toEqual(logitsOf(linear, held));
  });

  it('learns what no linear model can: what goes together', () => {
    const network = new NetworkFit(table, fit.labels, offsets, seededRandom(7));
    const random = seededRandom(9);
    for (let epoch = 0; epoch < 8; epoch++) network.epoch(random);
    const aurocOf = (scores: Float64Array): number => areaUnderRoc({ scores, labels: later.labels });
    expect(aurocOf(logitsOf({ ...linear, network: network.network() }, held))).toBeGreaterThan(0.87);
  });
});
