import type { TenantId } from '@heed/kernel';

/** Remembers how much of a file is in the log already, so that an import that was cut off goes on where it stopped. */
export interface ImportProgress {
  /** Records of the file with this fingerprint that are durably in the tenant's log; 0 for a file never seen. */
  get(tenant: TenantId, fingerprint: string): Promise<number>;
  /** Call it after the records were acknowledged, never before. */
  set(tenant: TenantId, fingerprint: string, records: number): Promise<void>;
}
