/** Names the tenant while no key exists (a keyless Heed listens on 127.0.0.1 alone). Absent: `default`. */
export const TENANT_HEADER = 'heed-tenant';
export const DEFAULT_TENANT = 'default';

/**
 * Long work answers `application/x-ndjson`: any number of `{"progress": {...}}` lines, then exactly one
 * `{"result": {...}}` or `{"problem": {...}}` line.
 */
export const NDJSON = 'application/x-ndjson';

export interface ProgressLine {
  readonly progress: { readonly step: string; readonly done: number; readonly of: number };
}
