import { TENANT_HEADER } from '@heed/contract';
import { Fault, type TenantId } from '@heed/kernel';
import type { ApiKeyId } from '@heed/policies';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Role } from './role.ts';

/** Who sent a request, as far as its key tells. */
export interface Caller {
  /** Null while no key is asked for. */
  readonly key: ApiKeyId | null;
  readonly role: Role;
  /** The only tenant whose data it reaches; null: every tenant's. */
  readonly boundTo: TenantId | null;
}

/** Whoever reaches a Heed that has no keys: it answers this machine alone, and trusts it. */
export const KEYLESS: Caller = { key: null, role: 'operator', boundTo: null };

const callers = new WeakMap<object, Caller>();

/** For the guard alone. */
export function rememberCaller(request: object, caller: Caller): void {
  callers.set(request, caller);
}

/** Of a request that a guard has let in; without a guard there are no keys. */
export function callerOf(request: object): Caller {
  return callers.get(request) ?? KEYLESS;
}

/** The only tenant that the caller's key reaches, null when it reaches all: for routes that show or touch more than one. */
export const BoundTo = createParamDecorator((_: unknown, context: ExecutionContext): TenantId | null => {
  return callerOf(context.switchToHttp().getRequest<object>()).boundTo;
});

/** Who sent the request, for routes on which not everybody may send everything. */
export const Sender = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  return callerOf(context.switchToHttp().getRequest<object>());
});

/** Who the record of a decision says it was, when the request names nobody. */
export const CallerName = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { key } = callerOf(context.switchToHttp().getRequest<object>());
  return key === null ? 'api' : `key ${key}`;
});

/** @throws Fault `wrong-tenant`, the same whether there is such a tenant or not */
export function refuseOtherTenant(boundTo: TenantId | null, tenant: TenantId): void {
  if (boundTo === null || boundTo === tenant) return;
  throw new Fault(
    'wrong-tenant',
    'The key belongs to another tenant than the request is about.',
    `Leave the ${TENANT_HEADER} header out, which means the key's own tenant, or use a key of the tenant that is meant.`,
  );
}
