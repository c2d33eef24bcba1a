import { expect, it } from 'vitest';
import { trainRequests } from './train.ts';

it.each([
  { positive: ['love'], negative: ['love'] },
  // Positive without being named.
  { negative: ['like'] },
  { negative: ['angry', 'thumbs-up'] },
])('refuses a kind that is positive and negative: %o', (request) => {
  const [issue] = trainRequests.love.safeParse(request).error?.issues ?? [];
  expect(issue).toMatchObject({ path: ['negative'] });
  expect(issue?.message).toMatch(/^kinds that are not positive as well .*love, like, thumbs-up/u);
});

it.each([{}, { negative: ['thumbs-down'] }, { positive: ['love'], negative: ['like'] }])(
  'takes %o',
  (request) => {
    expect(trainRequests.love.safeParse(request).success).toBe(true);
  },
);

it.each([
  // Negative without being named.
  [{ positive: ['thumbs-up'] }, 'positive', /^kinds that are not negative as well .*outcome\.served/u],
  [{ negative: ['rating.low'] }, 'negative', /^kinds that are not positive as well .*outcome\.failed/u],
] as const)('refuses of a defect model %o, by what was said', (request, path, message) => {
  const [issue] = trainRequests.defect.safeParse(request).error?.issues ?? [];
  expect(issue).toMatchObject({ path: [path], message: expect.stringMatching(message) as string });
});

it('takes what shows that a turn failed as positive for a defect model', () => {
  const request = { positive: ['thumbs-down'], negative: ['thumbs-up'], name: 'defect-thumbs' };
  expect(trainRequests.defect.safeParse(request).success).toBe(true);
});
