import type { EventId } from '@heed/kernel';
import { countReactions, judges, type CappedReactions, type CountedReactions } from './count-reactions.ts';
import type { ExposureRules } from './exposure-rules.ts';
import { majorityOf } from './majority.ts';
import type { ObservedReaction, ObservedTurn } from './observed-turn.ts';

export interface Example {
  readonly turn: ObservedTurn;
  readonly label: 0 | 1;
  /** The reactions that made it what it is; none for a negative that nobody reacted to. */
  readonly reactions: readonly EventId[];
}

/** Turns that are no examples, by the first reason that holds. */
export interface LeftOut {
  /** Without an answer, or when it was reacted to without one yet, there is nothing to love. */
  readonly unanswered: number;
  /** Answered so lately that a reaction may still come. */
  readonly tooYoung: number;
  /** Of users who never react: whether they saw what they could press, nobody knows. */
  readonly ofNonReactors: number;
  /** Reacted to, but by nothing that counts as positive or negative. */
  readonly otherReactions: number;
  /** Loved and not, as often. */
  readonly torn: number;
  /** Reacted to beyond the caps: not taken for loved, and its love not for silence. */
  readonly capped: number;
}

export interface Examples {
  /** In time order. */
  readonly examples: readonly Example[];
  readonly turns: number;
  readonly leftOut: LeftOut;
  readonly capped: CappedReactions;
  /** Counted reactions. */
  readonly reactions: number;
  /** Users whose reactions count, and users of the examples. */
  readonly reactors: number;
  readonly users: number;
  readonly positives: number;
  readonly negatives: number;
}

type Verdict = Example | keyof LeftOut;

/**
 * The examples that turns make by the rules. Silence of somebody who never reacts says nothing; silence of somebody who does is a turn that was not
 * loved. A turn that several reactions judge goes with the majority.
 *
 * @param untilMs end of what was observed, milliseconds since 1970
 * @param beside turns that are not drawn from, and tell who reacts as well
 */
export function drawExamples(
  turns: readonly ObservedTurn[],
  rules: ExposureRules,
  untilMs: number,
  beside: readonly ObservedTurn[] = [],
): Examples {
  const counted = countReactions(turns, rules);
  const reactors = reactorsIn(turns, counted);
  const reacting = new Set([...reactors, ...reactorsIn(beside, countReactions(beside, rules))]);
  const leftOut = { unanswered: 0, tooYoung: 0, ofNonReactors: 0, otherReactions: 0, torn: 0, capped: 0 };
  const examples: Example[] = [];
  for (const turn of turns) {
    const verdict = judge(turn, counted.byTurn.get(turn.event) ?? [], reacting, rules, untilMs);
    if (typeof verdict === 'string') leftOut[verdict]++;
    else examples.push(verdict);
  }
  examples.sort((a, b) => a.turn.atMs - b.turn.atMs || (a.turn.event < b.turn.event ? -1 : 1));
  const positives = examples.filter(({ label }) => label === 1).length;
  return {
    examples,
    turns: turns.length,
    leftOut,
    capped: counted.capped,
    reactions: counted.reactions,
    reactors: reactors.size,
    users: new Set(examples.flatMap(({ turn }) => turn.user ?? [])).size,
    positives,
    negatives: examples.length - positives,
  };
}

function reactorsIn(turns: readonly ObservedTurn[], { byTurn }: CountedReactions): ReadonlySet<string> {
  return new Set(
    turns.flatMap((turn) => (byTurn.get(turn.event) ?? []).flatMap(({ user }) => user ?? turn.user ?? [])),
  );
}

/** @param reactions those of the turn that count */
function judge(
  turn: ObservedTurn,
  reactions: ObservedTurn['reactions'],
  reactors: ReadonlySet<string>,
  rules: ExposureRules,
  untilMs: number,
): Verdict {
  if (turn.response === '') return 'unanswered';
  const majority = majorityOf(reactions, rules);
  if (majority === 'torn') return 'torn';
  if (majority !== undefined) return { turn, ...majority };
  const isCapped = ({ kind }: ObservedReaction): boolean =>
    reactions.length === 0 ? judges(kind, rules) : rules.positive.includes(kind);
  if (turn.reactions.some(isCapped)) return 'capped';
  if (rules.negative.length > 0) return 'otherReactions';
  if (reactions.length > 0) return { turn, label: 0, reactions: reactions.map(({ event }) => event) };
  if (untilMs - turn.atMs < rules.reactionTimeMs) return 'tooYoung';
  if (turn.user === undefined || !reactors.has(turn.user)) return 'ofNonReactors';
  return { turn, label: 0, reactions: [] };
}
