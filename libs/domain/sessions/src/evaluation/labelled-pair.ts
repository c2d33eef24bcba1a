/** Two requests, and whether people hold the later for a reformulation of the earlier. */
export interface LabelledPair {
  /** What must not be torn apart when pairs are split: a dialogue, a topic. */
  readonly group: string;
  readonly earlier: string;
  readonly later: string;
  readonly reformulation: boolean;
}
