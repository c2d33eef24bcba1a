import type { Warehouse } from './warehouse.ts';

/** Those that grow with the events. */
const GROWING = ['filed_events', 'sessions'];

/** Bytes on disk of what one merge brings together, at least, and for each event of the whole: some ten to forty parts in the end, however many events. */
const LARGEST = { bytes: 64 * 1024 * 1024, bytesPerEvent: 8 };

/**
 * While tables are filled from empty, ClickHouse merges ever larger parts, and every row is written the more often the more there are. With a bound each
 * is written about as often as any other, and what is left to merge is merged once the bound is gone.
 *
 * Large parts are what is wanted here: that there are many of them holds up no insert, that there are many small ones still does.
 *
 * @param events that will be in it in the end
 */
export async function boundMerges(warehouse: Warehouse, events: number): Promise<void> {
  const bytes = Math.max(LARGEST.bytes, Math.ceil(events * LARGEST.bytesPerEvent));
  const settings = `max_bytes_to_merge_at_max_space_in_pool = ${bytes}, max_avg_part_size_for_too_many_parts = ${Math.ceil(bytes / 4)}`;
  for (const table of GROWING) await warehouse.execute(`ALTER TABLE ${table} MODIFY SETTING ${settings}`);
}

/** As the migrations made them. */
export async function unboundMerges(warehouse: Warehouse): Promise<void> {
  const settings = 'max_bytes_to_merge_at_max_space_in_pool, max_avg_part_size_for_too_many_parts';
  for (const table of GROWING) await warehouse.execute(`ALTER TABLE ${table} RESET SETTING ${settings}`);
}
