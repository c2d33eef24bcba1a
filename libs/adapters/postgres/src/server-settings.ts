/**
 * How the embedded server runs, given on its command line at every start so that a newer Heed can change its mind.
 * Durability is PostgreSQL's own default (fsync and synchronous_commit on): what was acknowledged survives a power cut.
 */
export const serverSettings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // Heed needs a score; the rest is for whoever looks in with tools of their own, or measures.
  max_connections: '100',
  fsync: 'on',
  synchronous_commit: 'on',
  // One machine, one hot table: enough to keep the unique index's working part in memory.
  shared_buffers: '192MB',
  // Rare checkpoints: each one makes the next write of every page log the page whole.
  max_wal_size: '2GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  wal_level: 'minimal',
  max_wal_senders: '0',
  wal_buffers: '16MB',
  // No replica and no parallel scan is ever asked for; statements are short.
  io_method: 'sync',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  timezone: 'UTC',
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
  // The details of an error are the senders' own ids.
  log_error_verbosity: 'terse',
};
