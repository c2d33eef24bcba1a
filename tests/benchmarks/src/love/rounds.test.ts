import { describe, expect, it } from 'vitest';
import { answered, type JudgedAnswer } from './judged-answer.ts';
import { across, foldsByGroup, laterPart, type Round } from './rounds.ts';

/** Forty groups of one to three answers. */
const answers: readonly JudgedAnswer[] = Array.from({ length: 40 }, (_, n) =>
  Array.from({ length: 1 + (n % 3) }, () => ({
    turn: answered('a', 'b'),
    label: 0 as const,
    group: `g${n}`,
  })),
).flat();
const groupsOf = (places: readonly number[]): ReadonlySet<string> =>
  new Set(places.map((place) => answers[place]?.group ?? 'none'));

function expectApart({ fit, tune, test }: Round): void {
  const groups = [fit, tune, test].map((places) => groupsOf(places));
  expect(groups.every(({ size }) => size > 0)).toBe(true);
  expect(new Set(groups.flatMap((own) => [...own])).size).toBe(
    groups.reduce((sum, { size }) => sum + size, 0),
  );
}

describe('rounds', () => {
  it('judge every answer once, never by a model that saw another of its group', () => {
    const rounds = foldsByGroup(answers);
    expect(rounds).toHaveLength(5);
    rounds.forEach(expectApart);
    expect(rounds.flatMap(({ test }) => test).sort((a, b) => a - b)).toEqual([...answers.keys()]);
    for (const { fit, tune, test } of rounds)
      expect(fit.length + tune.length + test.length).toBe(answers.length);
  });

  it('judge about the last three tenths, by a model of what came before', () => {
    const [round] = laterPart(answers);
    if (round === undefined) throw new Error('no round');
    expectApart(round);
    expect([...round.fit, ...round.tune, ...round.test]).toEqual([...answers.keys()]);
    expect(round.test.length / answers.length).toBeCloseTo(0.3, 1);
  });

  it('learn on one set and judge the whole of the other', () => {
    const [there] = across(answers, 36, 'first');
    const [back] = across(answers, 36, 'second');
    if (there === undefined || back === undefined) throw new Error('no round');
    expectApart(there);
    expectApart(back);
    expect(there.test).toEqual([...answers.keys()].slice(36));
    expect(back.test).toEqual([...answers.keys()].slice(0, 36));
    expect([...there.fit, ...there.tune].every((place) => place < 36)).toBe(true);
    expect([...back.fit, ...back.tune].every((place) => place >= 36)).toBe(true);
  });
});
