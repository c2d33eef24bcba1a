/** Names the tenant. Absent: the one the request's key belongs to; without such a key `default`. */
export const TENANT_HEADER = 'heed-tenant';
export const DEFAULT_TENANT = 'default';

/**
 * Long work answers `application/x-ndjson`: any number of `{"progress": {...}}` lines, then exactly one
 * `{"result": {...}}` or `{"problem": {...}}` line. What fails before the first line has a status of its own and is a problem, as everywhere else.
 */
export const NDJSON = 'application/x-ndjson';

export interface ProgressLine {
  readonly progress: { readonly step: string; readonly done: number; readonly of: number };
}

/**
 * Of every answer of GET /v1/bundle, a 304 too: the version that is current, and its signature. With the hash that the client
 * holds they make the signed text, so that a client learns of a new version of the content it has, and from nobody else.
 */
export const BUNDLE_VERSION_HEADER = 'heed-bundle-version';
export const BUNDLE_SIGNATURE_HEADER = 'heed-bundle-signature';
