/** Which turns are examples and of what. All of it is in the card of every model that was trained by it. */
export interface ExposureRules {
  /** Kinds of reaction that make a turn a positive example. */
  readonly positive: readonly string[];
  /**
   * Kinds that make it a negative one. With none, a negative is a turn that its user saw and did not love: the user reacts (somewhere in the window, in
   * any way) and the turn had time to be reacted to. With some, only turns that were reacted to are examples.
   */
  readonly negative: readonly string[];
  /** How long a turn may still be reacted to, milliseconds; younger ones at the window's end are left out. */
  readonly reactionTimeMs: number;
  /** Reactions of one user that count within `burstMs`, the first ones; who presses more does not judge. */
  readonly burst: number;
  readonly burstMs: number;
  /** Share of all counted reactions that one user may have, or as many as the user in the middle gave; the earliest count. */
  readonly userShare: number;
  /** That never caps a user below this many. It is a burst's worth, which anybody may give at one sitting: with 20 each, ten users would be a fifth of a log of 700. */
  readonly userLeast: number;
  /** In place of what these two come to: for a sample, what they come to in the log that it was drawn from. No card has it. */
  readonly mostOfUser?: number;
}

const HOUR_MS = 3_600_000;

export const DEFAULT_EXPOSURE: ExposureRules = {
  positive: ['love', 'like', 'thumbs-up'],
  negative: [],
  reactionTimeMs: 24 * HOUR_MS,
  burst: 5,
  burstMs: 10_000,
  userShare: 0.01,
  userLeast: 5,
};
