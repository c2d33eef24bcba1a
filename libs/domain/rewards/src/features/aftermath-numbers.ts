import type { Aftermath } from '../answered-turn.ts';

/** Kinds of behaviour that a model of the aftermath tells apart. What was stated of the answer (reactions, ratings, outcomes) is none: it is what labels. */
export const BEHAVIOURS = [
  'regenerated',
  'copied',
  'edited',
  'clicked',
  'dwelled',
  'interrupted',
  'abandoned',
  'escalated',
  'stopped',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** What the user did next, in the order of `aftermathNumbers`. */
export const AFTERMATH = [
  'said',
  'logPause',
  ...BEHAVIOURS.map((kind) => `did.${kind}`),
  'logDwell',
  'logTurnsBefore',
] as const;

/** Logarithms are of one more than the seconds, or the turns; what is not known counts as 0. */
export function aftermathNumbers({
  next,
  pauseMs = 0,
  behaviour,
  dwellMs = 0,
  turnsBefore = 0,
}: Aftermath): readonly number[] {
  return [
    Number(next !== ''),
    logSeconds(pauseMs),
    ...BEHAVIOURS.map((kind) => Number(behaviour.includes(kind))),
    logSeconds(dwellMs),
    Math.log1p(turnsBefore),
  ];
}

function logSeconds(ms: number): number {
  return Math.log1p(Math.max(0, ms) / 1000);
}
