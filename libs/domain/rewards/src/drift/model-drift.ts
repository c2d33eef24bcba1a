import { z } from 'zod';
import type { ModelCard } from '../card/model-card.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import { FeatureReader, type ReadableTurn } from '../features/feature-reader.ts';
import type { Scores } from '../reward-head.ts';
import { driftOf, STALE_STABILITY, type DriftReport } from './drift.ts';
import { independentTurns } from './independent-turns.ts';
import { watchedBy } from './reference.ts';
import type { TakenBack } from './taken-back.ts';

/** What became of that which a model was learned from: whether turns are still such turns, and reactions still stand. */
export const modelDrift = z.object({
  model: z.string(),
  verdict: z.enum(['fresh', 'stale', 'cannot be told']),
  says: z.string(),
  /** Turns are looked at that came after this, the end of what the model rests on; those of the last week that there are any of. */
  since: z.iso.datetime(),
  turns: z.number(),
  /** What moved most first. Nats, but for the last, which is bits. */
  rows: z.array(
    z.object({
      name: z.string(),
      isStale: z.boolean(),
      stability: z.number(),
      /** What `bound` holds for. */
      beyondChance: z.number(),
      chanceAtMost: z.number(),
      jensenShannon: z.number(),
    }),
  ),
  bound: z.number(),
  /** What too few turns tell of. */
  tooFew: z.array(z.string()),
  takenBack: z.object({
    reactions: z.number(),
    classes: z.array(
      z.object({
        of: z.enum(['positive', 'negative']),
        turns: z.number(),
        counted: z.number(),
        share: z.number(),
      }),
    ),
    /** A class of which this share is taken back makes the model stale. */
    bound: z.number(),
    isStale: z.boolean(),
    says: z.string(),
  }),
  /** Why the model does not hold now, whatever found it; null while it does. */
  stale: z.object({ because: z.string(), why: z.string(), at: z.iso.datetime() }).nullable(),
});
export type ModelDrift = z.infer<typeof modelDrift>;

/** Whether turns are still such as the model was trained on. Of a card without a reference it cannot be told. */
export async function turnsDrift(
  turns: readonly ObservedTurn[],
  { reference, features }: Pick<ModelCard, 'reference' | 'features'>,
  score: (turns: readonly ReadableTurn[]) => Promise<Scores>,
): Promise<DriftReport> {
  if (reference?.independent === undefined)
    return {
      verdict: 'cannot be told',
      rows: [],
      tooFew: [],
      says: 'Its card does not say what turns were, and of how many users, when it was trained: an earlier Heed wrote it. Train it again.',
    };
  const reader = new FeatureReader(features.reading);
  const read = { turns, table: reader.read(turns), scores: await score(turns) };
  return driftOf(watchedBy(reference, read, reader.numbers), {
    training: reference.independent,
    now: independentTurns(turns),
  });
}

/** What became of a model, but for what its record says of it. */
export function modelDriftOf(
  { model, window }: Pick<ModelCard, 'model' | 'window'>,
  turns: number,
  { verdict, says, rows, tooFew }: DriftReport,
  { reactions, classes }: TakenBack,
  bound: number,
): Omit<ModelDrift, 'stale'> {
  const over = classes.filter(({ share }) => share > 0 && share >= bound);
  return {
    model,
    verdict,
    says,
    since: window.to,
    turns,
    rows: rows.map((row) => ({ ...row })),
    bound: STALE_STABILITY,
    tooFew: [...tooFew],
    takenBack: {
      reactions,
      classes: classes.map((one) => ({ ...one })),
      bound,
      isStale: over.length > 0,
      says: saysTakenBack(reactions, over.length > 0 ? over : classes, bound, over.length > 0),
    },
  };
}

function saysTakenBack(
  reactions: number,
  classes: TakenBack['classes'],
  bound: number,
  isStale: boolean,
): string {
  if (reactions === 0) return 'No reaction that it was learned from was taken back.';
  const shares = classes
    .map(({ of, turns, counted, share }) => `${turns} of ${counted} ${of} examples (${percent(share)})`)
    .join(' and ');
  const end = isStale
    ? `${percent(bound)} is too much: train it again.`
    : `Below ${percent(bound)} it holds.`;
  return `Of the reactions that it was learned from ${reactions} ${reactions === 1 ? 'was' : 'were'} taken back since. By what stands, ${shares} are of their class no more. ${end}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
