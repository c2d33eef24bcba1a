import { SIMILARITY_FLOOR } from './meaning-similarity.ts';

/** What a candidate must reach to be proposed. The block list is a gate without a threshold. */
export interface GateThresholds {
  /** Fewest sessions that went from the source on to end at the target. */
  readonly sessions: number;
  /** Fewest distinct users among them. */
  readonly users: number;
  /** Largest share of them that explored rather than struggled. */
  readonly exploration: number;
  /** Least similarity in meaning of the two wordings, 0 to 1. */
  readonly similarity: number;
  /** The lower 95 % bound of (success of target - success of source) must exceed this. */
  readonly lowerBound: number;
}

export const DEFAULT_GATES: GateThresholds = {
  sessions: 5,
  users: 3,
  exploration: 0.5,
  similarity: SIMILARITY_FLOOR,
  lowerBound: 0,
};
