import type { ExpirableRows } from './expirable-rows.ts';
import type { OutcomeModelNames } from './outcome-model-names.ts';
import type { SessionStore } from './session-store.ts';
import type { RebuiltTable } from './warehouse-reader.ts';

/** An empty warehouse beside the live one, to rebuild it in. */
export interface WarehouseCopy {
  readonly sessions: SessionStore;
  /** What retention takes of it. */
  readonly expirable: ExpirableRows;
  /** What the live one's sessions were derived by. */
  readonly liveOutcomeModels: OutcomeModelNames;
  /** Counts everything that mining reads, as the live one has it. To be called once its sessions are in. */
  recount(): Promise<void>;
  /** Every table and view against the live one, row for row, whatever their order. */
  compare(): Promise<readonly RebuiltTable[]>;
  /** Puts it in the live one's place and returns what is in it. Readers see each table whole, before or after. */
  replace(): Promise<readonly RebuiltTable[]>;
  /** Throws it away, or what it replaced. */
  discard(): Promise<void>;
}

export interface WarehouseCopies {
  begin(): Promise<WarehouseCopy>;
}
