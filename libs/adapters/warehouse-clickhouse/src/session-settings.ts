import type { ClickHouseSettings } from '@clickhouse/client';

/** How often a server that works on a statement says so: headers that keep the connection from being taken for dead. */
const PROGRESS_EVERY_MS = '20000';

/**
 * What makes a server's session behave as the embedded engine does, and an answer mean what Heed takes it to mean: that all of
 * the work is done. Statements may be 16 MiB long, as `Warehouse` promises.
 */
export const SESSION_SETTINGS: ClickHouseSettings = {
  max_query_size: String(16 * 1024 * 1024),
  max_ast_elements: '1000000',
  max_expanded_ast_elements: '1000000',
  wait_end_of_query: 1,
  // Rows that wait in the server's memory for others to come are not stored.
  async_insert: 0,
  output_format_json_quote_64bit_integers: 0,
  send_progress_in_http_headers: 1,
  http_headers_progress_interval_ms: PROGRESS_EVERY_MS,
};

/**
 * What a cluster needs besides. Rows are on their shard when an insert is answered, and on every replica of it: a session's
 * events are read again a moment later, from whichever replica answers, and must all be there.
 */
export function clusterSettings(replicas: number): ClickHouseSettings {
  return {
    ...SESSION_SETTINGS,
    distributed_foreground_insert: 1,
    // A list that one shard is asked about is made once, of all shards, and given to each.
    distributed_product_mode: 'global',
    ...(replicas > 1 && { insert_quorum: String(replicas) }),
  };
}
