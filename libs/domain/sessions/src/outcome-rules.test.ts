import { expect, test } from 'vitest';
import { outcomeRules, type TurnEvidence } from './outcome-rules.ts';

const NOTHING: TurnEvidence = {
  settled: undefined,
  rating: undefined,
  likes: 0,
  dislikes: 0,
  repairedBy: undefined,
  followUp: undefined,
  trouble: undefined,
  copied: false,
  onlyThanks: false,
  onlyLeaves: false,
  answerFailed: false,
};

const decide = (evidence: Partial<TurnEvidence>): string => {
  const { kind, decidedBy } = outcomeRules.decide({ ...NOTHING, ...evidence });
  return `${kind} by ${decidedBy}`;
};

const repairedBy = { kind: 'rephrase', probability: 0.9 } as const;
const complaint = { kind: 'complains', probability: 0.9 } as const;
const thanks = { kind: 'thanks', probability: 0.9 } as const;

test('silence is unlabelled, with the prior for its probability', () => {
  expect(outcomeRules.decide(NOTHING)).toEqual({
    kind: 'unlabelled',
    probability: 0.78,
    decidedBy: 'silence',
  });
});

test.each<[string, Partial<TurnEvidence>, string]>([
  [
    'an outcome event over everything',
    { settled: true, rating: 0, dislikes: 3, repairedBy },
    'success by outcome',
  ],
  ['an outcome event, even a bad one', { settled: false, rating: 1, followUp: thanks }, 'defect by outcome'],
  ['a rating over reactions', { rating: 0.75, dislikes: 1 }, 'success by rating'],
  ['a low rating', { rating: 0.25, likes: 1 }, 'defect by rating'],
  ['a middling rating leaves it to the next', { rating: 0.5, likes: 1 }, 'success by reaction'],
  ['reactions over what the user did', { likes: 1, repairedBy }, 'success by reaction'],
  ['more dislikes than likes', { likes: 1, dislikes: 2 }, 'defect by reaction'],
  [
    'as many likes as dislikes leave it to the next',
    { likes: 1, dislikes: 1, copied: true },
    'success by copied',
  ],
  ['saying it again over thanks', { repairedBy, followUp: thanks }, 'defect by reformulated'],
  ['a complaint', { followUp: complaint, copied: true }, 'defect by complained'],
  ['a correction', { followUp: { kind: 'corrects', probability: 0.8 } }, 'defect by corrected'],
  ['regenerating', { trouble: 'regenerated', followUp: thanks }, 'defect by regenerated'],
  ['escalating', { trouble: 'escalated' }, 'defect by escalated'],
  ['thanks', { followUp: thanks }, 'success by thanked'],
  ['copying', { copied: true }, 'success by copied'],
  ['thanking oneself', { onlyThanks: true }, 'success by gave-thanks'],
  [
    'closing tells no more than silence',
    { followUp: { kind: 'closes', probability: 0.9 } },
    'unlabelled by closed',
  ],
  ['nor does taking leave oneself', { onlyLeaves: true }, 'unlabelled by took-leave'],
  [
    'politeness to an answer that says it failed',
    { answerFailed: true, followUp: thanks },
    'unlabelled by silence',
  ],
  ['copying such an answer all the same', { answerFailed: true, copied: true }, 'success by copied'],
  ['going on', { followUp: { kind: 'continues', probability: 0.6 } }, 'unlabelled by silence'],
])('%s', (_, evidence, outcome) => {
  expect(decide(evidence)).toBe(outcome);
});

test.each([
  ['success', { rating: 0.6 }],
  ['success', { likes: 1 }],
  ['defect', { repairedBy }],
  ['defect', { rating: 0.4 }],
  ['defect', { trouble: 'interrupted' }],
] as const)('the probability is on the side of a %s', (kind, evidence) => {
  const outcome = outcomeRules.decide({ ...NOTHING, ...evidence });

  expect(outcome.kind).toBe(kind);
  expect(outcome.probability > 0.5).toBe(kind === 'success');
});
