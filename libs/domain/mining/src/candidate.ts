import type { StatePair } from './chain-store.ts';
import type { Absorption } from './proposal.ts';

/** How often sessions stood at a state, and how often they ended there well. */
export interface StateRecord {
  readonly visits: number;
  readonly successes: number;
}

/** What the chain alone would rewrite: the source, and the state where its sessions most probably end well. */
export interface Candidate extends StatePair {
  readonly source: StateRecord;
  readonly target: StateRecord;
  readonly absorption: Absorption;
}
