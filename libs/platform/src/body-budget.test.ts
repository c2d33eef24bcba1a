import { expect, it } from 'vitest';
import { BodyBudget } from './body-budget.ts';

const full = expect.objectContaining({ code: 'queue-full' }) as Error;

it('gives room up to its bytes together, refuses the next, and gives it when one was released', () => {
  const budget = new BodyBudget(100);
  const [one, other] = [budget.lease(0), budget.lease(0)];
  one.hold(60);
  other.hold(40);
  expect(() => {
    other.hold(1);
  }).toThrow(full);
  one.release();
  one.release();
  other.hold(60);
  expect(() => {
    budget.lease(0).hold(1);
  }).toThrow(full);
});

it('refuses at once what is announced and has no room, and counts nothing for what is announced and never comes', () => {
  const budget = new BodyBudget(100);
  budget.lease(90);
  budget.lease(90).hold(50);
  expect(() => budget.lease(51)).toThrow(full);
  budget.lease(50).hold(50);
});

it('gives one alone room whatever its size, and counts it', () => {
  const budget = new BodyBudget(100);
  const alone = budget.lease(101);
  alone.hold(60);
  alone.hold(60);
  expect(() => {
    budget.lease(0).hold(1);
  }).toThrow(full);
  alone.release();
  alone.hold(1000);
  budget.lease(0).hold(100);
});
