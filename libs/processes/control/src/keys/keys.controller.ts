import {
  createdKey,
  createKeyRequest,
  keyList,
  keyView,
  revokeKeyRequest,
  type CreatedKey,
  type CreateKeyRequest,
  type KeyList,
  type KeyView,
  type RevokeKeyRequest,
} from '@heed/contract';
import { Fault, type TenantId } from '@heed/kernel';
import {
  BoundTo,
  CallerName,
  CLOCK,
  Describe,
  KEY_RING,
  LeastRole,
  Tenant,
  ZodPipe,
  type Clock,
  type KeyRing,
} from '@heed/platform';
import { apiKeyId, type ApiKey } from '@heed/policies';
import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { ChangeKey, unknownKey } from './change-key.ts';
import { CreateKey } from './create-key.ts';
import { keyViewOf } from './key-view.ts';

@Controller('v1/keys')
export class KeysController {
  readonly #ring: KeyRing;
  readonly #createKey: CreateKey;
  readonly #keys: ChangeKey;
  readonly #clock: Clock;

  constructor(
    @Inject(KEY_RING) ring: KeyRing,
    @Inject(CreateKey) createKey: CreateKey,
    @Inject(ChangeKey) keys: ChangeKey,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#ring = ring;
    this.#createKey = createKey;
    this.#keys = keys;
    this.#clock = clock;
  }

  @Get()
  @LeastRole('admin')
  @Describe({
    summary:
      "The tenant's keys, newest last, and to whoever reaches all tenants those of all; never what opens them.",
    response: keyList,
  })
  async list(@BoundTo() boundTo: TenantId | null): Promise<KeyList> {
    await this.#ring.refresh();
    return { keys: [...this.#ring.all()].filter((key) => isWithin(boundTo, key)).map(keyViewOf) };
  }

  @Post()
  @HttpCode(201)
  @Header('cache-control', 'no-store')
  @LeastRole('admin')
  @Describe({
    summary: 'Makes a key for the tenant. It is shown in this answer and never again.',
    request: createKeyRequest,
    response: createdKey,
    status: 201,
  })
  async create(
    @Tenant() tenant: TenantId,
    @BoundTo() boundTo: TenantId | null,
    @CallerName() caller: string,
    @Body(new ZodPipe(createKeyRequest)) { who = caller, why = '', ...facts }: CreateKeyRequest,
  ): Promise<CreatedKey> {
    if (facts.allTenants === true && boundTo !== null) throw notForAll();
    const by = { atMs: this.#clock.nowMs(), who, why };
    const { key, text } = await this.#createKey.create(tenant, facts, by);
    return { key: text, ...keyViewOf(key) };
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @LeastRole('admin')
  @Describe({
    summary: 'Takes a key back for good: the next request that brings it is refused.',
    params: { id: z.string() },
    request: revokeKeyRequest,
    response: keyView,
  })
  async revoke(
    @BoundTo() boundTo: TenantId | null,
    @CallerName() caller: string,
    @Param('id') given: string,
    @Body(new ZodPipe(revokeKeyRequest)) { who = caller, why = '' }: RevokeKeyRequest,
  ): Promise<KeyView> {
    const id = apiKeyId(given);
    await this.#ring.refresh();
    const { state } = this.#ring.at(id);
    if (state.status === 'none' || !isWithin(boundTo, state)) throw unknownKey(id);
    return keyViewOf(await this.#keys.change(id, { kind: 'revoke', atMs: this.#clock.nowMs(), who, why }));
  }
}

/** A tenant's admin sees the tenant's own keys, and not those that reach all. */
function isWithin(boundTo: TenantId | null, { tenant }: ApiKey): boolean {
  return boundTo === null || tenant === boundTo;
}

function notForAll(): Fault {
  return new Fault(
    'role-too-low',
    'A key of all tenants takes an admin key of all tenants to make, and this one belongs to one.',
    'Leave `allTenants` out, or use such a key.',
  );
}
