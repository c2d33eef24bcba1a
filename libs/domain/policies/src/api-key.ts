import type { Brand, TenantId } from '@heed/kernel';
import type { Attribution } from './fix.ts';

/** The public half of a key: names it in lists and in its history, and opens nothing. */
export type ApiKeyId = Brand<'ApiKeyId'>;
export const apiKeyId = (value: string): ApiKeyId => value as ApiKeyId;

/** Each may do what those before it may, and more (docs/keys.md). */
export const KEY_KINDS = ['browser', 'server', 'analyst', 'admin'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** `none` before it is created. */
export type ApiKeyState = { readonly status: 'none' } | ApiKey;

export interface ApiKey {
  readonly status: 'active' | 'revoked';
  readonly id: ApiKeyId;
  readonly kind: KeyKind;
  /** Whose data it reaches; null: every tenant's, which only an admin key may. */
  readonly tenant: TenantId | null;
  /** What people call it. */
  readonly name: string;
  /** Where pages that carry it may come from, as browsers write it: `https://app.example`. Browser keys have some, others none. */
  readonly origins: readonly string[];
  /** Requests a second; null: as many as the service gives a key that says nothing. */
  readonly requestsPerSecond: number | null;
  /** SHA-256 of the whole key, lower-case hexadecimal. The key itself is nowhere. */
  readonly hash: string;
  readonly created: Attribution;
  readonly revoked: Attribution | null;
}

export type ApiKeyCommand =
  | ({ readonly kind: 'create'; readonly key: NewApiKey } & Attribution)
  | ({ readonly kind: 'revoke' } & Attribution);

/** A key's facts, which never change. */
export type NewApiKey = Pick<
  ApiKey,
  'id' | 'kind' | 'tenant' | 'name' | 'origins' | 'requestsPerSecond' | 'hash'
>;

export type ApiKeyEvent =
  | ({ readonly kind: 'api-key-created'; readonly key: NewApiKey } & Attribution)
  | ({ readonly kind: 'api-key-revoked' } & Attribution);

/** Why a command was refused; `message` says what would satisfy it. */
export interface ApiKeyRefusal {
  readonly code: 'api-key-unknown' | 'api-key-taken' | 'api-key-not-allowed';
  readonly message: string;
}
