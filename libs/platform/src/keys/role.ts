import type { ApiKey } from '@heed/policies';
import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';

/** Each may do what those before it may. A key's kind is its role, except that an admin key of all tenants is an operator. */
export const ROLES = ['nobody', 'browser', 'server', 'analyst', 'admin', 'operator'] as const;
export type Role = (typeof ROLES)[number];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set by `LeastRole`. */
    readonly leastRole?: Role;
  }
}

/** Where the OpenAPI document says of a route who may use it. */
const ROLE_EXTENSION = 'x-heed-least-role';

/** Security scheme of the OpenAPI document. */
export const KEY_SCHEME = 'key';

/** Says who may use a route; `nobody` is everybody. A route that says nothing is for operators alone. */
export function LeastRole(leastRole: Role): MethodDecorator {
  return applyDecorators(
    RouteConfig({ leastRole }),
    ApiExtension(ROLE_EXTENSION, leastRole),
    ...(leastRole === 'nobody' ? [] : [ApiBearerAuth(KEY_SCHEME)]),
  );
}

export function roleOf({ kind, tenant }: Pick<ApiKey, 'kind' | 'tenant'>): Role {
  return kind === 'admin' && tenant === null ? 'operator' : kind;
}

export function reaches(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}
