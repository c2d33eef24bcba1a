import type { DataSubject } from '@heed/events';
import type { TenantId } from '@heed/kernel';
import type { OpeningKey, SealingKey } from './subject-key.ts';

export interface WantedKey {
  readonly subject: DataSubject;
  /** When the event that needs it was received, milliseconds since 1970. */
  readonly sinceMs: number;
}

export interface KeptKey {
  readonly tenant: TenantId;
  /** Null once it is destroyed. */
  readonly key: OpeningKey | null;
  /** What of its subject was received up to then is forgotten, whatever it is sealed with. */
  readonly forgottenUpToMs: number | undefined;
}

/** Keeps each subject's key, one that lives at a time. Faults thrown: those of the store. */
export interface KeyVault {
  /** The live key of each, in the order given; made where there is none, and durable then. May be a second behind a destruction. A subject may come twice. */
  keysFor(wanted: readonly WantedKey[]): Promise<readonly SealingKey[]>;
  /** What became of these keys, as of now. Those that the vault never had are missing. */
  lookUp(ids: readonly string[]): Promise<ReadonlyMap<string, KeptKey>>;
  /** Up to when each is forgotten, milliseconds since 1970; undefined for those who are not. As of now. */
  forgottenUpTo(subjects: readonly DataSubject[]): Promise<readonly (number | undefined)[]>;
  /** Destroys all keys of a tenant and forgets what was erased of it. */
  removeTenant(tenant: TenantId): Promise<void>;
}
