import { describe, expect, it } from 'vitest';
import { adversariesRequest, foresightRequest, gamingRequest, objectivesRequest } from './questions.ts';

const pool = (base?: number) => ({
  prompt: 'play',
  answers: [
    { text: 'Sure.', base },
    { text: 'No.', base },
  ],
});
const weighed = (reference?: number) => ({
  prompt: 'play',
  candidates: [
    { text: 'Sure.', reference, rewards: { help: 1 } },
    { text: 'No.', reference, rewards: { help: 0 } },
  ],
});
const many = 5001;

describe('questions about a model', () => {
  it('may bring nothing of their own, where the log can answer', () => {
    for (const request of [foresightRequest, adversariesRequest, gamingRequest])
      expect(request.parse({})).toEqual({});
    expect(objectivesRequest.parse({ prompts: [weighed()], weightings: [{ love: 1 }] })).toMatchObject({
      constraints: [],
      beta: 0.1,
    });
  });

  it.each([
    ['answers of nobody', foresightRequest, { answers: [] }, 'answers', 'an answer at least'],
    [
      'an answer without a policy',
      foresightRequest,
      { answers: [{ policy: '', context: [{ role: 'user', text: 'play' }], response: 'Sure.' }] },
      'answers.0.policy',
      'the name of a policy',
    ],
    ['a share of more than half', adversariesRequest, { shares: [0.6] }, 'shares.0', 'up to 0.5'],
    ['a share of nothing', adversariesRequest, { shares: [0] }, 'shares.0', 'above 0'],
    [
      'worth of some answers to a prompt',
      gamingRequest,
      { pools: [{ prompt: 'play', answers: [{ text: 'Sure.', base: 1 }, { text: 'No.' }] }] },
      'pools.0.answers',
      'a base for every answer, or for none',
    ],
    [
      'worth of the answers to some prompts',
      gamingRequest,
      { pools: [pool(1), pool(2), pool()] },
      'pools.2.answers',
      'or of none: those of the first differ',
    ],
    [
      'more candidates than may be asked about',
      gamingRequest,
      { pools: Array.from({ length: many }, () => pool()) },
      'pools',
      '10000 answers at the most',
    ],
    ['a weight of 0', gamingRequest, { weights: [0] }, 'weights.0', 'a weight above 0'],
    ['the best of none', gamingRequest, { best: [0] }, 'best.0', 'one answer at least'],
    [
      'a reward that the model gives',
      objectivesRequest,
      {
        prompts: [{ prompt: 'play', candidates: [{ text: 'Sure.', rewards: { love: 1 } }] }],
        weightings: [{ love: 1 }],
      },
      'prompts.0.candidates.0.rewards',
      'no love: that is what the model says',
    ],
    [
      'a reference of some candidates',
      objectivesRequest,
      {
        prompts: [{ prompt: 'play', candidates: [{ text: 'Sure.', reference: 1 }, { text: 'No.' }] }],
        weightings: [{ love: 1 }],
      },
      'prompts.0.candidates',
      'a reference for every candidate, or for none',
    ],
    [
      'more candidates to weigh than may be asked about',
      objectivesRequest,
      { prompts: Array.from({ length: many }, () => weighed()), weightings: [{ love: 1 }] },
      'prompts',
      '10000 answers at the most',
    ],
  ])('may not bring %s', (_, request, body, path, says) => {
    const parsed = request.safeParse(body);
    expect(parsed.success).toBe(false);
    const issues = parsed.error?.issues.map((issue) => ({ path: issue.path.join('.'), says: issue.message }));
    expect(issues).toContainEqual({ path, says: expect.stringContaining(says) as string });
  });
});
