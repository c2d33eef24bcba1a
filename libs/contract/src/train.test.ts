import { expect, it } from 'vitest';
import { trainRequest } from './train.ts';

it.each([
  { positive: ['love'], negative: ['love'] },
  // Positive without being named.
  { negative: ['like'] },
  { negative: ['angry', 'thumbs-up'] },
])('refuses a kind that is positive and negative: %o', (request) => {
  const [issue] = trainRequest.safeParse(request).error?.issues ?? [];
  expect(issue).toMatchObject({ path: ['negative'] });
  expect(issue?.message).toMatch(/^kinds that are not positive as well .*love, like, thumbs-up/u);
});

it.each([{}, { negative: ['thumbs-down'] }, { positive: ['love'], negative: ['like'] }])(
  'takes %o',
  (request) => {
    expect(trainRequest.safeParse(request).success).toBe(true);
  },
);
