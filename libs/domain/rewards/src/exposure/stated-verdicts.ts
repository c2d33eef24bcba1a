import { DEFAULT_EXPOSURE, type ExposureRules } from './exposure-rules.ts';
import type { ObservedReaction } from './observed-turn.ts';
import type { SessionTurn } from './session-turn.ts';

/** Signals that outrank reactions, and the kind of verdict that each is: an outcome of the turn first, then people's ratings, scaled to 0..1 (see docs/sessions.md). */
const RANKED = {
  outcome: { of: /^outcome\.success$/, success: 'outcome.served', defect: 'outcome.failed' },
  rating: { of: /^rating\./, success: 'rating.high', defect: 'rating.low' },
} as const;

/** What shows that a turn failed, and what that it did not, when somebody states it. What users merely did is no label: the model reads it. */
export const DEFECT_EXPOSURE: ExposureRules = {
  ...DEFAULT_EXPOSURE,
  positive: [RANKED.outcome.defect, RANKED.rating.defect, 'thumbs-down', 'dislike', 'angry'],
  negative: [RANKED.outcome.success, RANKED.rating.success, 'thumbs-up', 'like', 'love'],
};

/**
 * What was stated of a turn, by what outranks the rest: where a session's outcome of it was decided by an outcome event, those events; where by ratings,
 * those; its reactions otherwise. What decided stands in the derived turn, so that labels and sessions go by one rule.
 */
export function statedVerdicts(
  { outcome, signals }: SessionTurn,
  reactions: readonly ObservedReaction[],
): readonly ObservedReaction[] {
  if (outcome === undefined || outcome.kind === 'unlabelled') return reactions;
  const { kind: came, decidedBy } = outcome;
  if (decidedBy !== 'outcome' && decidedBy !== 'rating') return reactions;
  const { of, [came]: kind } = RANKED[decidedBy];
  return signals
    .filter((signal) => of.test(signal.kind))
    .map(({ event, atMs, user }) => ({ event, kind, atMs, ...(user !== undefined && { user }) }));
}
