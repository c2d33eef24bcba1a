import type { AskedTurn } from './asked-turn.ts';
import type { Chain, ChainEnd, ChainStep, DerivedTurn } from './derived-session.ts';
import { pairOf } from './find-reformulation.ts';
import { isRelated } from './follow-up-rules.ts';
import type { ReformulationModel } from './reformulation/reformulation-model.ts';

/** So many topics in a row, each unlike the others, are a walk rather than a struggle. */
const TOPICS_OF_A_WALK = 3;

interface Step extends ChainStep {
  readonly asked: AskedTurn;
}

/**
 * The session as the absorbing chain reads it: neighbouring turns of one state are one step, which counts as engaged when any
 * of them was. It ends as its last turn did, or the one before a goodbye. A turn that only thanks or takes leave asks for nothing: it is no step (a chain
 * through it would have Heed serve "thanks, bye" for every request that ends well), but it can be the turn that ends well.
 */
export function buildChain(
  turns: readonly DerivedTurn[],
  asked: readonly AskedTurn[],
  model: ReformulationModel,
): Chain {
  const steps = collapse(turns, asked);
  return {
    steps: steps.map(({ state, wording, turn, engaged }) => ({ state, wording, turn, engaged })),
    end: chainEndOf(
      turns,
      asked.map(({ request }) => request.cues.asksNothing),
    ),
    explored: hasWalk(steps, model),
  };
}

function collapse(turns: readonly DerivedTurn[], asked: readonly AskedTurn[]): readonly Step[] {
  const asksSomething = asked.some(({ request }) => !request.cues.asksNothing);
  const steps: Step[] = [];
  for (const [i, turn] of turns.entries()) {
    const of = asked[i];
    // An assistant that speaks first leaves a turn without a request, which no user can be helped to word.
    if (of === undefined || turn.state === '') continue;
    if (asksSomething && of.request.cues.asksNothing) continue;
    const before = steps.at(-1);
    const { engaged } = of.draft;
    if (before?.state !== turn.state) {
      steps.push({ state: turn.state, wording: turn.request.trim(), turn: turn.turn, engaged, asked: of });
    } else if (engaged && !before.engaged) {
      steps[steps.length - 1] = { ...before, engaged };
    }
  }
  return steps;
}

/**
 * A goodbye that nothing is known of says nothing of how the session went: it ends as the turn before it did.
 *
 * @param asksNothing of each turn whether it only thanks or takes leave
 */
export function chainEndOf(
  turns: readonly Pick<DerivedTurn, 'outcome'>[],
  asksNothing: readonly boolean[],
): ChainEnd {
  const last = turns.findLast(({ outcome }, at) => outcome.kind !== 'unlabelled' || asksNothing[at] !== true);
  if (last === undefined || last.outcome.kind === 'unlabelled') return 'unlabelled';
  return last.outcome.kind === 'success' ? 'success' : 'failure';
}

/** Whether TOPICS_OF_A_WALK steps in a row, no two of them, speak of one thing. Judges no pair twice. */
function hasWalk(steps: readonly Step[], model: ReformulationModel): boolean {
  let apart = 0;
  return steps.some((later, i) => {
    const before = steps.slice(i - Math.min(apart, TOPICS_OF_A_WALK - 1), i).reverse();
    const related = before.findIndex((earlier, j) => !isUnrelated(earlier.asked, later.asked, j + 1, model));
    // How many steps up to and with this one are unlike each other.
    apart = 1 + (related === -1 ? before.length : related);
    return apart >= TOPICS_OF_A_WALK;
  });
}

/** A request that leans on what was said ("is it far?"), or replies to a question, stays with the topic it found. */
function isUnrelated(
  earlier: AskedTurn,
  later: AskedTurn,
  turnsApart: number,
  model: ReformulationModel,
): boolean {
  if (isRelated(earlier.request, later.request)) return false;
  if (turnsApart === 1 && (later.request.cues.leansBack || earlier.draft.asksBack)) return false;
  return model.judge(pairOf(earlier, later, turnsApart)).kind === 'none';
}
