import { areaUnderRoc } from '@heed/statistics';
import { describe, expect, it } from 'vitest';
import type { Example } from '../exposure/draw-examples.ts';
import { drawExamples } from '../exposure/draw-examples.ts';
import { loveOrder, loveTurns } from '../training-run/love-turns.fixture.ts';
import { wideTrainer } from './wide-trainer.ts';

const turns = loveTurns(800);
const later = loveTurns(300, { startMs: Date.UTC(2026, 3, 1), name: 'later' });
const examplesOf = (own: typeof turns): readonly Example[] =>
  drawExamples(own, loveOrder.rules, loveOrder.trainedAtMs).examples;
const train = wideTrainer(turns, later, 0.3, 7);
const examples = examplesOf(turns);

describe('wideTrainer', () => {
  it('tells later love, and says how likely it is', () => {
    const judged = examplesOf(later);
    const scores = train(examples)(judged.map(({ turn }) => turn));
    const labels = Uint8Array.from(judged, ({ label }) => label);
    expect(areaUnderRoc({ scores, labels })).toBeGreaterThan(0.9);
    const said = scores.reduce((sum, one) => sum + one, 0) / scores.length;
    const seen = labels.reduce((sum, one) => sum + one, 0) / labels.length;
    expect(said).toBeCloseTo(seen, 1);
  });

  it('learns from copies of turns as from these, and is the same again', () => {
    const copies = examples.map(({ turn, ...rest }) => ({ ...rest, turn: { ...turn } }));
    expect(train(copies)(later)).toEqual(train(examples)(later));
  });

  it('learns what it is told and nothing that it was told before', () => {
    const turned = examples.map((example): Example => ({ ...example, label: example.label === 1 ? 0 : 1 }));
    const [one, other] = [train(examples)(later), train(turned)(later)];
    expect(one.map((said, at) => said + (other[at] ?? NaN)).every((sum) => Math.abs(sum - 1) < 0.05)).toBe(
      true,
    );
    expect(train(examples)(later)).toEqual(one);
  });

  it('says the same of a turn whatever else is judged', () => {
    const [first, ...others] = later;
    if (first === undefined) throw new Error('there are later ones');
    const long = others.map((turn) => ({ ...turn, response: turn.response.repeat(30) }));
    const beside = wideTrainer(turns, [first, ...long], 0.3, 7);
    expect(beside(examples)([first])).toEqual(wideTrainer(turns, [first], 0.3, 7)(examples)([first]));
  });

  it('refuses a turn that it did not read', () => {
    const [turn] = loveTurns(1);
    if (turn === undefined) throw new Error('there is one');
    const strange = { ...turn, response: 'What nobody ever said.' };
    expect(() => train(examples)([strange])).toThrow(RangeError);
    expect(() => train([...examples, { turn: strange, label: 1, reactions: [] }])).toThrow(RangeError);
  });
});
