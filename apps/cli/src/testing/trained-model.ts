import { rewardGraph } from '@heed/onnx';
import { seededRandom } from '@heed/kernel';
import {
  FeatureReader,
  fitHead,
  scoreTurns,
  type ModelFacts,
  type ReadableTurn,
  type Reading,
  type Scores,
} from '@heed/rewards';

const WORDS = ['sorry', 'jazz', 'the', 'alarm', 'weather', 'no', 'playing', 'sure'];

/** A model that was really trained, on users who do not love to hear "sorry". */
export function trainedModel({
  purpose = 'love',
  reading = 'answer',
}: Partial<Pick<ModelFacts, 'purpose' | 'reading'>> = {}): {
  readonly file: Uint8Array;
  /** What the code that trained it says of turns. */
  readonly says: (turns: readonly ReadableTurn[]) => Scores;
} {
  const reader = new FeatureReader(reading);
  const [fit, tune] = [examples(reading, 240, 1), examples(reading, 80, 2)].map(({ turns, labels }) => ({
    table: reader.read(turns),
    labels,
  }));
  if (fit === undefined || tune === undefined) throw new RangeError('two parts');
  const { head } = fitHead(reading, fit, tune, 0, 7);
  const file = rewardGraph(head, fit.table, { purpose, heedVersion: '0.1.0' });
  return { file, says: (turns) => scoreTurns(head, reader.read(turns)) };
}

function examples(
  reading: Reading,
  count: number,
  seed: number,
): { turns: ReadableTurn[]; labels: Uint8Array } {
  const random = seededRandom(seed);
  const text = (): string => Array.from({ length: 1 + random.below(9) }, () => random.pick(WORDS)).join(' ');
  const turns = Array.from({ length: count }, () => ({
    context: [{ role: 'user' as const, text: text() }],
    response: text(),
    ...(reading === 'aftermath' && {
      aftermath: {
        next: text(),
        behaviour: random.chance(0.5) ? ['regenerated'] : [],
        turnsBefore: random.below(20),
      },
    }),
  }));
  const labels = Uint8Array.from(turns, ({ response }) =>
    Number(random.chance(response.includes('sorry') ? 0.1 : 0.8)),
  );
  return { turns, labels };
}
