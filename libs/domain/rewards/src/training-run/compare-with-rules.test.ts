import { expect, test } from 'vitest';
import { bestThreshold } from '../evaluation/decisions.ts';
import { drawExamples } from '../exposure/draw-examples.ts';
import { chooseThreshold } from './compare-with-rules.ts';
import { defectOrder, defectTurns } from './defect-turns.fixture.ts';
import { lastMomentOf } from './train-model.ts';

test('a threshold is chosen by the turns of which the model would decide, and by all where there are none', () => {
  // Of three in four turns the rules decide; there the model says .4 more than elsewhere.
  const turns = defectTurns(400, { next: 1, rules: 0 }).map((turn, n) => ({
    ...turn,
    ...(n % 4 !== 0 && { keptByRules: true as const }),
  }));
  const { examples } = drawExamples(turns, defectOrder.rules, lastMomentOf(turns));
  const told = Float64Array.from(examples, ({ turn, label }) =>
    turn.keptByRules === undefined ? 0.2 + 0.1 * label : 0.6 + 0.1 * label,
  );
  expect(chooseThreshold(examples, told)).toBeCloseTo(0.3, 12);
  const labels = Uint8Array.from(examples, ({ label }) => label);
  const byAll = bestThreshold({ scores: told, labels });
  expect(byAll).toBeCloseTo(0.7, 12);
  const kept = examples.map((one) => ({ ...one, turn: { ...one.turn, keptByRules: true as const } }));
  expect(chooseThreshold(kept, told)).toBe(byAll);
});
