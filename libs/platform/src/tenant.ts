import { DEFAULT_TENANT, TENANT_HEADER } from '@heed/contract';
import { Fault, tenantId, type TenantId } from '@heed/kernel';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

const TENANT = /^[a-z0-9][a-z0-9_-]{0,62}$/;

interface WithHeaders {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The tenant a request works for: the `heed-tenant` header while no key exists, `default` without it. Throws Fault `invalid-tenant`. */
export const Tenant = createParamDecorator((_: unknown, context: ExecutionContext): TenantId => {
  const { headers } = context.switchToHttp().getRequest<WithHeaders>();
  return parseTenant(headers[TENANT_HEADER]);
});

export function parseTenant(given: string | string[] | undefined): TenantId {
  const name = given ?? DEFAULT_TENANT;
  if (typeof name === 'string' && TENANT.test(name)) return tenantId(name);
  throw new Fault(
    'invalid-tenant',
    `The ${TENANT_HEADER} header does not name a tenant.`,
    'Use 1 to 63 characters of a-z, 0-9, "-" and "_", beginning with a letter or digit.',
  );
}
