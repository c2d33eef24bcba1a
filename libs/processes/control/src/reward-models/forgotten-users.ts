import { Fault, type TenantId } from '@heed/kernel';
import type { EventStore } from '@heed/policies';
import { z } from 'zod';

/** How often a note is tried anew because another process made one in between. */
const ATTEMPTS = 5;

const usersForgottenV1 = z.object({ erasures: z.array(z.string()) });

/** Where a tenant's erasures are noted once nothing reads any more what they took. Tenant names have no slash. */
export const forgottenStreamOf = (tenant: TenantId): string => `forgotten/${tenant}/users`;

/** To be noted before the models are looked through: a training looks here before it records one, so that one of the two sees the other. */
export async function noteForgotten(
  store: EventStore,
  tenant: TenantId,
  erasures: readonly string[],
  recordedAtMs: number,
): Promise<void> {
  const stream = forgottenStreamOf(tenant);
  const event = { type: 'users-forgotten.v1', data: { erasures: [...erasures] } };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const version = (await store.load(stream)).length;
    if ((await store.append(stream, version, [event], recordedAtMs)).ok) return;
  }
  throw new Fault('wrong-version', `${stream} is being changed by others at the same time.`, 'Try again.');
}

/** The erasures noted after a position of the store, each once. */
export async function forgottenSince(
  store: EventStore,
  tenant: TenantId,
  position: number,
): Promise<readonly string[]> {
  const notes = await store.readAll(forgottenStreamOf(tenant), position);
  return [...new Set(notes.flatMap(({ data }) => usersForgottenV1.parse(data).erasures))];
}
