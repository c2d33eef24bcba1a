import { expect, it } from 'vitest';
import { BodyBudget } from './body-budget.ts';

it('takes bodies up to its bytes together, refuses the next, and takes it when one was released', () => {
  const budget = new BodyBudget(100);
  const release = budget.take('60');
  budget.take('40');
  expect(() => budget.take('1')).toThrow(expect.objectContaining({ code: 'queue-full' }));
  release();
  release();
  budget.take('60');
  expect(() => budget.take('1')).toThrow(expect.objectContaining({ code: 'queue-full' }));
});

it('takes one alone whatever its size, and what announces no length', () => {
  const budget = new BodyBudget(100);
  budget.take('101');
  for (const none of [undefined, '0', 'x']) budget.take(none)();
});
