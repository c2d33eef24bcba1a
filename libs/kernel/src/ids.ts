declare const brand: unique symbol;

/** A string that the compiler keeps apart from other strings; nothing is left of it at run time. */
export type Brand<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Brand<'TenantId'>;
export type SessionId = Brand<'SessionId'>;
export type EventId = Brand<'EventId'>;
export type TurnId = Brand<'TurnId'>;
export type UserId = Brand<'UserId'>;
export type FixId = Brand<'FixId'>;

// The one place where a plain string becomes an id: call these where a value enters, after it was parsed.
export const tenantId = (value: string): TenantId => value as TenantId;
export const sessionId = (value: string): SessionId => value as SessionId;
export const eventId = (value: string): EventId => value as EventId;
export const turnId = (value: string): TurnId => value as TurnId;
export const userId = (value: string): UserId => value as UserId;
export const fixId = (value: string): FixId => value as FixId;
