/** One of the answers to one prompt that there are to choose from. */
export interface Candidate {
  /** How likely the current policy gives it, 0 to 1; those of one prompt sum to 1. */
  readonly reference: number;
  /** What each objective gives for it, by the objective's name; every candidate has the same objectives. */
  readonly rewards: Readonly<Record<string, number>>;
}

/** What a candidate must keep to whatever it is worth: an objective that is not traded. */
export interface Constraint {
  readonly objective: string;
  readonly atLeast: number;
}

export interface Objectives {
  readonly constraints: readonly Constraint[];
  /** 0 or more, by the objective's name; an objective without one weighs nothing. */
  readonly weights: Readonly<Record<string, number>>;
  /** What a nat of distance from the current policy costs, in units of reward; above 0. */
  readonly beta: number;
}
