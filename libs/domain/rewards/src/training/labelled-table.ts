import type { FeatureTable } from '../features/feature-table.ts';

/** Turns that were read, and their labels. */
export interface LabelledTable {
  readonly table: FeatureTable;
  readonly labels: Uint8Array;
  /** Of each turn the number of its session: turns of one are alike. Absent: each is of its own. */
  readonly sessions?: Uint32Array;
}
