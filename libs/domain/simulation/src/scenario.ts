/** A world whose truth is known: what users want, how they first say it, and what the assistant understands. */
export interface Scenario {
  readonly name: string;
  readonly wishes: readonly Wish[];
  /** What Heed should find, and what it should not. */
  readonly truth: ScenarioTruth;
}

/** One thing that users want, with every way they word it. */
export interface Wish {
  /** How often users have it, relative to the others. */
  readonly weight: number;
  readonly wordings: readonly Wording[];
  /** Users who have this wish; absent: anybody. A single name makes it one insistent person's. */
  readonly only?: readonly string[];
  /** Once served, some go on to another wish (its first wording), as people who explore do. */
  readonly thenOn?: { readonly to: string; readonly probability: number; readonly dwellMs: number };
}

export interface Wording {
  readonly text: string;
  /** How often a user with this wish begins with it, relative to the wish's other wordings; 0: never first. */
  readonly first: number;
  /** Probability that the assistant serves the wish when it is worded so. */
  readonly served: number;
  /** What users try next when it was not served, by relative weight; the rest of the time they give up. */
  readonly next: readonly { readonly text: string; readonly weight: number }[];
  /** Probability of trying again at all. */
  readonly persistence: number;
}

export interface ScenarioTruth {
  /** Pairs that were planted: served instead, the second helps those who say the first. */
  readonly planted: readonly { readonly from: string; readonly to: string }[];
  /** Pairs that look like rewrites to a careless miner, each with what makes it none. */
  readonly decoys: readonly { readonly from: string; readonly to: string; readonly why: string }[];
}
