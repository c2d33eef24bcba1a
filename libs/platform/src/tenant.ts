import { DEFAULT_TENANT, TENANT_HEADER } from '@heed/contract';
import { Fault, tenantId, type TenantId } from '@heed/kernel';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { z } from 'zod';
import { callerOf } from './keys/caller.ts';

const TENANT = /^[a-z0-9][a-z0-9_-]{0,62}$/;

export const tenantName = z.string().regex(TENANT);

/** Says in the OpenAPI document that the route reads the header. */
const describeHeader: ParamDecorator = (target, method) => {
  const route = method === undefined ? undefined : Object.getOwnPropertyDescriptor(target, method);
  if (method === undefined || route === undefined) return;
  ApiHeader({
    name: TENANT_HEADER,
    required: false,
    schema: { type: 'string', default: DEFAULT_TENANT, pattern: TENANT.source },
  })(target, method, route);
};

type ParamDecorator = (target: object, method: string | symbol | undefined, index: number) => void;

interface WithHeaders {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * The tenant a request works for: the one its key is bound to (the guard has refused a header that names another); without such a
 * key the one of the `heed-tenant` header, `default` without it. Throws Fault `invalid-tenant`.
 */
export const Tenant = createParamDecorator(
  (_: unknown, context: ExecutionContext): TenantId => {
    const request = context.switchToHttp().getRequest<WithHeaders>();
    return callerOf(request).boundTo ?? parseTenant(request.headers[TENANT_HEADER]);
  },
  [describeHeader],
);

export function parseTenant(given: string | string[] | undefined): TenantId {
  const name = given ?? DEFAULT_TENANT;
  if (typeof name === 'string' && TENANT.test(name)) return tenantId(name);
  throw new Fault(
    'invalid-tenant',
    `The ${TENANT_HEADER} header does not name a tenant.`,
    'Use 1 to 63 characters of a-z, 0-9, "-" and "_", beginning with a letter or digit.',
  );
}
