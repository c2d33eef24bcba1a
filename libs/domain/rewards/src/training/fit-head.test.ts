import { seededRandom, type SeededRandom } from '@heed/kernel';
import { areaUnderRoc, calibrationError, reliability } from '@heed/statistics';
import { describe, expect, it } from 'vitest';
import { FeatureReader, type ReadableTurn, type Reading } from '../features/feature-reader.ts';
import { logitsOf, scoreTurns } from '../reward-head.ts';
import { fitHead } from './fit-head.ts';
import type { LabelledTable } from './labelled-table.ts';
import { scaled } from './scaling.ts';
import { fitWide } from './wide-part.ts';

const OPENINGS = ['Sure', 'Sorry', 'Well', 'Here you go', 'I think'];
const TOPICS = [
  'the weather in Oslo',
  'a jazz station',
  'your alarm',
  'the news',
  'a pasta recipe',
  'the train to Bonn',
];
const ENDINGS = ['Enjoy!', 'Anything else?', 'That is all I know.', 'Have fun.', 'Let me know.'];
const LOVED = new Map([
  ['Here you go', 0.9],
  ['Sorry', -1.4],
  ['a jazz station', 0.8],
  ['the news', -0.7],
  ['Enjoy!', 0.6],
  ['That is all I know.', -0.9],
]);

interface Loved {
  readonly turn: ReadableTurn;
  readonly label: number;
  /** What the label was drawn by. */
  readonly probability: number;
}

/** Users with a known love function: a logit that is the sum of what they think of an answer's parts. */
function simulate(count: number, base: number, random: SeededRandom): readonly Loved[] {
  return Array.from({ length: count }, () => {
    const parts = [OPENINGS, TOPICS, ENDINGS].map((some) => random.pick(some));
    const logit = base + parts.reduce((sum, part) => sum + (LOVED.get(part) ?? 0), 0);
    const probability = 1 / (1 + Math.exp(-logit));
    const [opening = '', topic = '', ending = ''] = parts;
    return {
      turn: {
        context: [{ role: 'user', text: `tell me about ${topic}` }],
        response: `${opening}, ${topic}. ${ending}`,
      },
      label: Number(random.chance(probability)),
      probability,
    };
  });
}

function read(reading: Reading, rows: readonly Loved[]): LabelledTable {
  return {
    table: new FeatureReader(reading).read(rows.map(({ turn }) => turn)),
    labels: Uint8Array.from(rows, ({ label }) => label),
  };
}

describe('fitHead', () => {
  const random = seededRandom(7);
  const [fit, tune, later] = [
    simulate(4000, -0.5, random),
    simulate(1500, -0.5, random),
    simulate(6000, -0.5, random),
  ];

  it('comes within .02 of the best that the noise allows, and says probabilities that are seen', () => {
    const { head } = fitHead('answer', read('answer', fit), read('answer', tune), 0, 7);
    const held = read('answer', later);
    const { probabilities } = scoreTurns(head, held.table);
    const best = areaUnderRoc({
      scores: Float64Array.from(later, ({ probability }) => probability),
      labels: held.labels,
    });
    expect(areaUnderRoc({ scores: probabilities, labels: held.labels })).toBeGreaterThan(best - 0.02);
    expect(calibrationError(reliability(probabilities, held.labels))).toBeLessThan(0.05);
  });

  it('is the same for the same seed', () => {
    const once = fitHead(
      'answer',
      read('answer', fit.slice(0, 400)),
      read('answer', tune.slice(0, 200)),
      0,
      7,
    );
    const again = fitHead(
      'answer',
      read('answer', fit.slice(0, 400)),
      read('answer', tune.slice(0, 200)),
      0,
      7,
    );
    expect(again).toEqual(once);
  });

  it('learns from the turns that it was chosen by as well', () => {
    const fashion = (rows: readonly Loved[]): readonly Loved[] =>
      rows.map((row, n) => {
        const response = n % 3 === 0 ? 'Groovy, as they say now' : 'As they say now';
        return { ...row, label: Number(n % 3 === 0), turn: { ...row.turn, response } };
      });
    const [own, next] = [fit.slice(0, 800), fashion(tune.slice(0, 200))];
    const { head } = fitHead('answer', read('answer', own), read('answer', next), 0, 7);
    const held = read('answer', fashion(later.slice(0, 200)));
    expect(areaUnderRoc({ scores: scoreTurns(head, held.table).probabilities, labels: held.labels })).toBe(1);
  });

  it('tells of those turns what it said before: labels by chance are told by chance', () => {
    const chance = seededRandom(11);
    const words = Array.from({ length: 12 }, (_, n) => Array.from({ length: 40 }, (__, m) => `w${n}x${m}`));
    const byChance = (count: number): LabelledTable =>
      read(
        'answer',
        simulate(count, 0, chance).map(({ turn, ...row }) => ({
          ...row,
          turn: { ...turn, response: words.map((some) => chance.pick(some)).join(' ') },
          label: Number(chance.chance(0.5)),
        })),
      );
    const [own, next] = [byChance(800), byChance(400)];
    const { head, toldOfTune } = fitHead('answer', own, next, 0, 7);
    const aurocBy = (scores: Float64Array): number => areaUnderRoc({ scores, labels: next.labels });
    expect(aurocBy(toldOfTune)).toBeLessThan(0.6);
    expect(aurocBy(scoreTurns(head, next.table).logits)).toBeGreaterThan(0.65);
  });

  it('in the end says what a fit of both at once says', () => {
    const both = [...fit.slice(0, 2000), ...tune.slice(0, 500)];
    const { head, report } = fitHead(
      'answer',
      read('answer', fit.slice(0, 2000)),
      read('answer', tune.slice(0, 500)),
      0,
      7,
    );
    const own = (rows: readonly Loved[]) => scaled(read('answer', rows).table, head.scaling);
    const labels = Uint8Array.from(both, ({ label }) => label);
    // Of 2 500 examples at a strength that was chosen by 2 000.
    const { linear } = fitWide(own(both), labels, report.strength * 0.8, 7);
    const held = own(later.slice(0, 1000));
    const { bias, wide, numbers } = head;
    const [apart, together] = [logitsOf({ bias, wide, numbers }, held), logitsOf(linear, held)];
    const furthest = apart.reduce(
      (most, logit, at) => Math.max(most, Math.abs(logit - (together[at] ?? NaN))),
      0,
    );
    expect(furthest).toBeLessThan(0.1);
  });

  it('of a sample, says what a fit of all would: what it was chosen by was not sampled', () => {
    const rare = [simulate(12_000, -3.5, random), simulate(3000, -3.5, random)] as const;
    const sample = rare[0].filter(({ label }, n) => label === 1 || n % 4 === 0);
    const ofAll = rare[0].filter(({ label }) => label === 0).length;
    const correction = Math.log(sample.filter(({ label }) => label === 0).length / ofAll);
    const { head } = fitHead('answer', read('answer', sample), read('answer', rare[1]), correction, 7);
    const held = read('answer', simulate(6000, -3.5, random));
    const { logits, probabilities } = scoreTurns(head, held.table);
    const seen = held.labels.reduce((sum, label) => sum + label, 0) / held.labels.length;
    const mean = (all: Float64Array): number => all.reduce((sum, one) => sum + one, 0) / all.length;
    expect(Math.abs(mean(probabilities) - seen)).toBeLessThan(0.015);
    expect(Math.abs(mean(logits.map((logit) => 1 / (1 + Math.exp(-logit)))) - seen)).toBeLessThan(0.015);
  });

  it('reads nothing later than the answer unless it is told to: a planted leak helps the aftermath model alone', () => {
    const leaking = (rows: readonly Loved[]): readonly Loved[] =>
      rows.map((row) => ({
        ...row,
        turn: {
          ...row.turn,
          aftermath: {
            next: row.label === 1 ? 'great, thanks' : 'no, that is wrong',
            behaviour: row.label === 1 ? ['copied'] : [],
          },
        },
      }));
    const aurocOf = (reading: Reading): number => {
      const parts = [fit.slice(0, 1500), tune.slice(0, 500), later.slice(0, 2000)].map((rows) =>
        read(reading, leaking(rows)),
      );
      const [own, next, held] = parts;
      if (own === undefined || next === undefined || held === undefined)
        throw new Error('three parts were read');
      const { head } = fitHead(reading, own, next, 0, 7);
      return areaUnderRoc({ scores: scoreTurns(head, held.table).probabilities, labels: held.labels });
    };
    expect(aurocOf('aftermath')).toBeGreaterThan(0.99);
    expect(aurocOf('answer')).toBeLessThan(0.85);
  });
});
