import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Candidate, Objectives } from './candidate.ts';
import { chooseByObjectives, type ObjectiveChoice } from './choose-by-objectives.ts';
import { klDivergence } from './kl-divergence.ts';
import { paretoTable, type ParetoRow } from './pareto-table.ts';
import { tiltedPolicy } from './tilted-policy.ts';

const seeded = { seed: 11, numRuns: 300 };

const share = fc.double({ min: 0.001, max: 1, noNaN: true });
const reward = fc.double({ min: -3, max: 3, noNaN: true });
const beta = fc.double({ min: 0.05, max: 10, noNaN: true });
const weights = fc.record({
  help: fc.double({ min: 0, max: 2, noNaN: true }),
  love: fc.double({ min: 0, max: 2, noNaN: true }),
});
const candidates = fc
  .array(fc.record({ share, rewards: fc.record({ help: reward, safe: reward, love: reward }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((given): readonly Candidate[] => {
    const total = given.reduce((sum, one) => sum + one.share, 0);
    return given.map((one) => ({ reference: one.share / total, rewards: one.rewards }));
  });

function chosen(of: readonly Candidate[], objectives: Objectives): ObjectiveChoice {
  const choice = chooseByObjectives(of, objectives);
  if (!choice.ok) throw new Error(choice.error.message);
  return choice.value;
}
const none: Objectives['constraints'] = [];

describe('the distance from another policy', () => {
  test('known value: scipy.stats.entropy([0.5, 0.5], [0.9, 0.1])', () => {
    expect(klDivergence([0.5, 0.5], [0.9, 0.1])).toBeCloseTo(0.5108256237659907, 14);
  });

  it('is 0 or more, and 0 from itself', () => {
    fc.assert(
      fc.property(candidates, candidates, (some, others) => {
        const size = Math.min(some.length, others.length);
        const normal = (of: readonly Candidate[]): number[] => {
          const first = of.slice(0, size).map(({ reference }) => reference);
          const total = first.reduce((a, b) => a + b, 0);
          return first.map((one) => one / total);
        };
        expect(klDivergence(normal(some), normal(others))).toBeGreaterThanOrEqual(0);
        expect(klDivergence(normal(some), normal(some))).toBe(0);
      }),
      seeded,
    );
  });

  it('is infinite for what the other never gives', () => {
    expect(klDivergence([0.5, 0.5], [1, 0])).toBe(Infinity);
    expect(klDivergence([1, 0], [0.5, 0.5])).toBeCloseTo(Math.LN2, 15);
  });
});

describe('the policy that is best for a reward and a price of distance', () => {
  test('worked by hand: log 3 for one of two, a nat costs 1', () => {
    expect([...tiltedPolicy([0.5, 0.5], [0, Math.log(3)], 1)]).toEqual([
      expect.closeTo(0.25, 15),
      expect.closeTo(0.75, 15),
    ]);
  });

  it('is the current policy where distance has no price that could be paid', () => {
    expect([...tiltedPolicy([0.2, 0.8], [5, -5], Infinity)]).toEqual([0.2, 0.8]);
    const far = tiltedPolicy([0.2, 0.8], [5, -5], 1e9);
    expect(far[0]).toBeCloseTo(0.2, 7);
  });

  it('is the best candidate alone where distance costs next to nothing, and never one that the current policy does not give', () => {
    expect([...tiltedPolicy([0.2, 0.8, 0], [1, 0, 9], 1e-320)]).toEqual([1, 0, 0]);
  });
});

describe('a choice by several objectives', () => {
  it('has a value of beta log sum of reference exp(R / beta), which no other policy reaches', () => {
    fc.assert(
      fc.property(
        candidates,
        weights,
        beta,
        fc.array(share, { minLength: 6, maxLength: 6 }),
        (of, w, price, other) => {
          const objectives = { constraints: none, weights: w, beta: price };
          const choice = chosen(of, objectives);
          const rewards = of.map(({ rewards: { help = 0, love = 0 } }) => w.help * help + w.love * love);
          const closed =
            price *
            Math.log(
              of.reduce(
                (sum, { reference }, at) => sum + reference * Math.exp((rewards[at] ?? 0) / price),
                0,
              ),
            );
          expect(choice.value).toBeCloseTo(closed, 8);
          const total = of.reduce((sum, _, at) => sum + (other[at] ?? 0), 0);
          const policy = of.map((_, at) => (other[at] ?? 0) / total);
          const kl = klDivergence(
            policy,
            of.map(({ reference }) => reference),
          );
          const value = policy.reduce((sum, p, at) => sum + p * (rewards[at] ?? 0), 0) - price * kl;
          expect(value).toBeLessThanOrEqual(choice.value + 1e-9);
          expect(choice.probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
        },
      ),
      seeded,
    );
  });

  it('gives more of an objective the more it weighs', () => {
    fc.assert(
      fc.property(candidates, weights, beta, share, (of, w, price, more) => {
        const at = (love: number): number =>
          chosen(of, { constraints: none, weights: { ...w, love }, beta: price }).expected['love'] ?? NaN;
        expect(at(w.love + more)).toBeGreaterThanOrEqual(at(w.love) - 1e-9);
      }),
      seeded,
    );
  });

  it('goes less far from the current policy the dearer distance is, and stays there where nothing weighs', () => {
    fc.assert(
      fc.property(candidates, weights, beta, share, (of, w, price, more) => {
        const far = (b: number): number => chosen(of, { constraints: none, weights: w, beta: b }).kl;
        expect(far(price + more)).toBeLessThanOrEqual(far(price) + 1e-9);
        const still = chosen(of, { constraints: none, weights: {}, beta: price });
        expect(still.kl).toBeCloseTo(0, 12);
      }),
      seeded,
    );
  });

  it('never gives what violates a constraint, however much it is loved, and says which', () => {
    const safe = { objective: 'safe', atLeast: 0.9 };
    const of = [
      { reference: 0.6, rewards: { safe: 0.2, love: 100 } },
      { reference: 0.3, rewards: { safe: 0.95, love: 1 } },
      { reference: 0.1, rewards: { safe: 0.9, love: 1 } },
    ];
    const choice = chosen(of, { constraints: [safe], weights: { love: 1 }, beta: 0.1 });
    expect(choice.dropped).toEqual([{ at: 0, violates: [safe] }]);
    expect([...choice.probabilities]).toEqual([0, expect.closeTo(0.75, 14), expect.closeTo(0.25, 14)]);
    expect(choice.expected['love']).toBeCloseTo(1, 14);
    // As far as the current policy has to move for that alone: what it gave to the others was 0.4.
    expect(choice.kl).toBeCloseTo(-Math.log(0.4), 14);
  });

  it('is refused where nothing may be given, and says what was missed', () => {
    const of = [
      { reference: 1, rewards: { safe: 0.2, help: 1 } },
      { reference: 0, rewards: { safe: 1, help: 1 } },
    ];
    const constraints = [{ objective: 'safe', atLeast: 0.9 }];
    const refused = chooseByObjectives(of, { constraints, weights: { help: 1 }, beta: 1 });
    expect(refused).toEqual({
      ok: false,
      error: {
        code: 'nothing-admissible',
        message:
          'None of 2 candidates can be given: 1 miss safe of at least 0.9, and the current policy never gives the others. Offer more candidates, or an answer that is known to be admissible.',
      },
    });
    expect(chooseByObjectives([], { constraints: none, weights: {}, beta: 1 })).toMatchObject({
      error: { message: expect.stringContaining('there is none to choose from') as string },
    });
  });

  const one = { reference: 1, rewards: { help: 1 } };
  const fair = { constraints: none, weights: { help: 1 }, beta: 1 };
  it.each<[string, readonly Candidate[], Objectives, RegExp]>([
    ['a price of 0', [one], { ...fair, beta: 0 }, /beta is 0: it must be above 0/],
    ['a weight below 0', [one], { ...fair, weights: { help: -1 } }, /weight of help is -1/],
    [
      'a weight for what nobody measured',
      [one],
      { ...fair, weights: { love: 1 } },
      /love: no candidate has that/,
    ],
    [
      'a constraint on what nobody measured',
      [one],
      { ...fair, constraints: [{ objective: 'safe', atLeast: 1 }] },
      /safe: no candidate/,
    ],
    [
      'a reward that is no number',
      [{ reference: 1, rewards: { help: NaN } }],
      fair,
      /reward help of candidate 1 is no number/,
    ],
    [
      'candidates that differ in what was measured',
      [
        { ...one, reference: 0.5 },
        { reference: 0.5, rewards: { love: 1 } },
      ],
      fair,
      /candidate 2 has other rewards/,
    ],
    ['a probability above 1', [{ ...one, reference: 1.5 }], fair, /reference probability 1.5/],
    ['probabilities that do not sum to 1', [{ ...one, reference: 0.5 }], fair, /sum to 0.5/],
  ])('refuses %s', (_, of, objectives, message) => {
    expect(() => chooseByObjectives(of, objectives)).toThrow(message);
  });
});

describe('a Pareto table', () => {
  const table = (
    prompts: readonly (readonly Candidate[])[],
    weightings: readonly Record<string, number>[],
  ): readonly ParetoRow[] => {
    const rows = paretoTable(prompts, { constraints: none, beta: 0.5, weightings });
    if (!rows.ok) throw new Error(rows.error.message);
    return rows.value;
  };
  const two = [
    { reference: 0.5, rewards: { help: 1, love: 0 } },
    { reference: 0.5, rewards: { help: 0, love: 1 } },
  ];

  it('has no row as dominated where one objective is bought with the other', () => {
    const rows = table([two], [{ help: 1 }, { help: 1, love: 1 }, { love: 1 }]);
    expect(rows.map(({ dominatedBy }) => dominatedBy)).toEqual([[], [], []]);
    expect(rows[1]).toMatchObject({ expected: { help: 0.5, love: 0.5 }, kl: 0 });
    // 1 / (1 + exp(-1 / 0.5))
    expect(rows[0]?.expected['help']).toBeCloseTo(0.880797077978, 11);
  });

  it('names the rows that are better in everything, and the price of distance beside each', () => {
    const prompt = [
      { reference: 0.9, rewards: { help: 0, love: 0 } },
      { reference: 0.1, rewards: { help: 1, love: 1 } },
    ];
    const rows = table([prompt, two], [{}, { help: 0.2, love: 0.2 }, { help: 1, love: 1 }]);
    expect(rows.map(({ dominatedBy }) => dominatedBy)).toEqual([[1, 2], [2], []]);
    expect(rows[0]?.kl).toBe(0);
    expect(rows[2]?.kl).toBeGreaterThan(rows[1]?.kl ?? NaN);
  });

  it('does not let equal rows dominate each other', () => {
    const rows = table([two], [{ love: 1 }, { love: 1, help: 0 }]);
    expect(rows.map(({ dominatedBy }) => dominatedBy)).toEqual([[], []]);
  });

  it('leaves at least one row, of which none dominates another, and each other row is dominated by one of them', () => {
    fc.assert(
      fc.property(
        fc.array(candidates, { minLength: 1, maxLength: 3 }),
        fc.array(weights, { minLength: 1, maxLength: 6 }),
        (prompts, weightings) => {
          const rows = table(prompts, weightings);
          const front = rows.flatMap(({ dominatedBy }, at) => (dominatedBy.length === 0 ? [at] : []));
          expect(front.length).toBeGreaterThan(0);
          for (const { dominatedBy } of rows)
            if (dominatedBy.length > 0) expect(dominatedBy.some((at) => front.includes(at))).toBe(true);
          for (const at of front)
            for (const other of front) {
              const [a, b] = [rows[at]?.expected ?? {}, rows[other]?.expected ?? {}];
              const isBetter =
                Object.keys(a).every((name) => (a[name] ?? 0) >= (b[name] ?? 0)) &&
                Object.keys(a).some((name) => (a[name] ?? 0) > (b[name] ?? 0));
              expect(isBetter).toBe(false);
            }
        },
      ),
      seeded,
    );
  });

  it('says which prompt has nothing left to give, and refuses prompts that measure different things', () => {
    const rows = paretoTable([two, two], {
      constraints: [{ objective: 'help', atLeast: 2 }],
      beta: 1,
      weightings: [{ help: 1 }],
    });
    expect(rows).toMatchObject({
      error: { message: expect.stringMatching(/^Prompt 1: None of 2/) as string },
    });
    expect(() => table([two, [{ reference: 1, rewards: { help: 1 } }]], [{ help: 1 }])).toThrow(
      /prompt 2 has the rewards help, and prompt 1 help, love/,
    );
    expect(() => table([], [{}])).toThrow(/there is no prompt/);
  });
});
