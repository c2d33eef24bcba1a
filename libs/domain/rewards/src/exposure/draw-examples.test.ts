import { describe, expect, it } from 'vitest';
import { drawExamples } from './draw-examples.ts';
import { DEFAULT_EXPOSURE } from './exposure-rules.ts';
import { observed, type Sketch } from './observed-turns.fixture.ts';

const DAY_MS = 86_400_000;
const END = 100 * DAY_MS;

function drawn(sketches: readonly Sketch[], rules: Partial<typeof DEFAULT_EXPOSURE> = {}) {
  return drawExamples(observed(sketches), { ...DEFAULT_EXPOSURE, ...rules }, END);
}

describe('drawExamples', () => {
  it('takes the silence of who reacts for no love, and of who never does for nothing', () => {
    const { examples, leftOut } = drawn([
      { atMs: 1, user: 'u-1', reactions: [['love', 5]] },
      { atMs: 2, user: 'u-1' },
      { atMs: 3, user: 'u-2' },
      { atMs: 4 },
    ]);
    expect(examples.map(({ turn, label }) => [turn.turn, label])).toEqual([
      ['t-0', 1],
      ['t-1', 0],
    ]);
    expect(leftOut).toMatchObject({ ofNonReactors: 2, tooYoung: 0 });
  });

  it('takes only turns that were reacted to where it is told what a negative is', () => {
    const { examples, leftOut } = drawn(
      [
        { atMs: 1, user: 'u-1', reactions: [['thumbs-up', 5]] },
        { atMs: 2, user: 'u-1', reactions: [['thumbs-down', 5]] },
        { atMs: 3, user: 'u-1' },
        { atMs: 4, user: 'u-1', reactions: [['wow', 5]] },
      ],
      { positive: ['thumbs-up'], negative: ['thumbs-down'] },
    );
    expect(examples.map(({ label }) => label)).toEqual([1, 0]);
    expect(leftOut).toMatchObject({ otherReactions: 2 });
  });

  it('waits for turns that may still be reacted to, unless they were', () => {
    const { examples, leftOut } = drawn([
      { atMs: 1, user: 'u-1', reactions: [['love', 5]] },
      { atMs: END - 1000, user: 'u-1' },
      { atMs: END - 900, user: 'u-1', reactions: [['love', 5]] },
    ]);
    expect(examples).toHaveLength(2);
    expect(leftOut.tooYoung).toBe(1);
  });

  it('goes with the majority, and leaves out what it is torn about and what was not answered', () => {
    const { examples, leftOut } = drawn(
      [
        {
          atMs: 1,
          user: 'u-1',
          reactions: [
            ['love', 5, 'u-1'],
            ['sad', 6, 'u-2'],
            ['sad', 7, 'u-3'],
          ],
        },
        {
          atMs: 2,
          user: 'u-1',
          reactions: [
            ['love', 5, 'u-1'],
            ['sad', 6, 'u-2'],
          ],
        },
        { atMs: 3, user: 'u-1', response: '', reactions: [['love', 5]] },
      ],
      { negative: ['sad'] },
    );
    expect(examples.map(({ label, reactions }) => [label, reactions])).toEqual([[0, ['r-0-1', 'r-0-2']]]);
    expect(leftOut).toMatchObject({ torn: 1, unanswered: 1 });
  });

  it('counts the first of a burst alone', () => {
    const burst = Array.from({ length: 30 }, (_, n): Sketch => ({
      atMs: n,
      user: 'u-1',
      reactions: [['love', 0]],
    }));
    const { capped, reactions, examples, leftOut } = drawn(burst);
    expect(capped).toMatchObject({ burst: 25, users: 1 });
    expect(reactions).toBe(5);
    // What was loved too often is no love, and no lack of it either.
    expect(examples.map(({ label }) => label)).toEqual([1, 1, 1, 1, 1]);
    expect(leftOut.capped).toBe(25);
  });

  it('lets nobody have more than a share of all reactions, the earliest counting', () => {
    const eager = Array.from({ length: 500 }, (_, n): Sketch => ({
      atMs: n * DAY_MS,
      user: 'u-1',
      reactions: [['love', 0]],
    }));
    const others = Array.from({ length: 2500 }, (_, n): Sketch => ({
      ...{ atMs: n * 1000, user: `o-${String(n)}` },
      reactions: [['love', 0]],
    }));
    const { capped, examples, negatives, leftOut } = drawn([...eager, ...others]);
    // A hundredth of the 2 525 that count, not of the 3 000 that were sent.
    expect(capped).toMatchObject({ user: 475, users: 1, mostOfUser: 25, burst: 0 });
    const counted = examples.filter(({ turn }) => turn.user === 'u-1');
    expect(counted.map(({ turn }) => turn.atMs)).toEqual(eager.slice(0, 25).map(({ atMs }) => atMs));
    expect([negatives, leftOut.capped]).toEqual([0, 475]);
  });

  it('lets few users have as many as the one in the middle gave, and nobody more for sending more', () => {
    const giving = (sizes: readonly number[]) => {
      const sketches = sizes.flatMap((size, who) =>
        Array.from({ length: size }, (_, n): Sketch => ({
          ...{ atMs: n * DAY_MS + who, user: `u-${String(who)}` },
          reactions: [['love', 0]],
        })),
      );
      return drawn(sketches).capped;
    };
    expect(giving([40, 40, 40, 40, 40])).toMatchObject({ user: 0, mostOfUser: 40 });
    expect(giving([1000, 40, 40, 40, 9])).toMatchObject({ user: 960, users: 1, mostOfUser: 40 });
    expect(giving([60, 3, 2, 1])).toMatchObject({ user: 55, users: 1, mostOfUser: 5 });
    const many = Array.from({ length: 700 }, () => 1);
    expect(giving([300, ...many]).mostOfUser).toBe(giving([100, ...many]).mostOfUser);
  });

  it('takes no turn for unloved whose love was capped, whatever else was pressed', () => {
    const eager = Array.from({ length: 6 }, (_, n): Sketch => ({
      ...{ atMs: n * DAY_MS, user: 'u-1' },
      reactions:
        n < 5
          ? [['love', 0]]
          : ([
              ['love', 0],
              ['wow', 1, 'u-2'],
            ] as const),
    }));
    const others = Array.from({ length: 3 }, (_, n): Sketch => ({
      ...{ atMs: n, user: `o-${String(n)}` },
      reactions: [['love', 0]],
    }));
    const all = [...eager, ...others];
    expect(drawn(all)).toMatchObject({ positives: 8, negatives: 0, leftOut: { capped: 1 } });
    const named = drawn(all, { positive: ['love'], negative: ['angry'] });
    expect(named).toMatchObject({ positives: 8, leftOut: { capped: 1, otherReactions: 0 } });
  });

  it('lets all whom nobody names have what one user may have, however many sessions they open', () => {
    const nobody = Array.from({ length: 200 }, (_, n): Sketch => ({
      atMs: n * DAY_MS,
      session: `nobody-${String(n)}`,
      reactions: [['love', 0]],
    }));
    const { capped, positives, reactors } = drawn(nobody);
    expect(capped).toMatchObject({ user: 195, users: 1, mostOfUser: 5 });
    expect([positives, reactors]).toEqual([5, 0]);
  });

  it('knows who reacts from other turns as well, and draws none of them', () => {
    const [old, later] = [
      observed([{ atMs: 1, user: 'u-1', reactions: [['love', 5]] }]),
      observed([
        { atMs: 2, user: 'u-1' },
        { atMs: 3, user: 'u-2' },
      ]),
    ];
    const { examples, leftOut, reactors } = drawExamples(later, DEFAULT_EXPOSURE, END, old);
    expect(examples.map(({ turn, label }) => [turn.user, label])).toEqual([['u-1', 0]]);
    expect([leftOut.ofNonReactors, reactors]).toEqual([1, 0]);
  });
});
