import type { ErasedSeals } from '@heed/events';
import type { TenantId } from '@heed/kernel';
import type { SqlValues } from './warehouse.ts';

/** Seals that one statement is given at most: some 2 MB of its text. */
const SEALS_AT_ONCE = 50_000;

/** After everything. */
const ALWAYS = 2n ** 63n - 1n;

/**
 * Values for `UNDER_SEALS`, in pieces that fit into a statement; none when there are no seals. A seal under which several erasures take entries up to a
 * moment takes them up to the last of these.
 */
export function sealValues(
  tenant: TenantId,
  erasures: readonly ErasedSeals[],
  sealsAtOnce = SEALS_AT_ONCE,
): readonly (SqlValues & { readonly tenant: TenantId })[] {
  const before = new Map<string, bigint>();
  for (const { destroyed, dated, upToMs } of erasures) {
    for (const seal of dated) before.set(seal, later(before.get(seal), BigInt(upToMs + 1)));
    for (const seal of destroyed) before.set(seal, ALWAYS);
  }
  const all = [...before];
  return Array.from({ length: Math.ceil(all.length / sealsAtOnce) }, (_, piece) => {
    const some = all.slice(piece * sealsAtOnce, (piece + 1) * sealsAtOnce);
    return { tenant, seals: some.map(([seal]) => seal), beforeMs: some.map(([, beforeMs]) => beforeMs) };
  });
}

function later(known: bigint | undefined, moment: bigint): bigint {
  return known !== undefined && known > moment ? known : moment;
}
