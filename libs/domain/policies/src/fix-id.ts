import { fixId, type FixId, type TenantId } from '@heed/kernel';
import { fnv1a64 } from './hash-text.ts';

/**
 * The name of the rewrite between two states of a tenant: mining it again finds the same fix, on every machine.
 *
 * 64 bits: among a million pairs of one tenant the chance that any two share a name is about 3 in 10^8. If it happens
 * the later pair is refused with a message (see decideFix), never merged into the earlier one.
 *
 * @example fixIdOf(tenantId('default'), 'maj and dragons', 'imagine dragons') // 'fix-…16 hex digits'
 */
export function fixIdOf(tenant: TenantId, fromState: string, toState: string): FixId {
  // As JSON, so that no choice of texts can move the border between the parts.
  return fixId(`fix-${fnv1a64(JSON.stringify([tenant, fromState, toState]))}`);
}
