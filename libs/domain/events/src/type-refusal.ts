import type { EventCatalogue } from './catalogue.ts';
import { shortType, type Refusal } from './refusal.ts';

/** Why a type is not in the catalogue: Heed knows the name but not the version, or not even the name. */
export function typeRefusal(type: string, catalogue: EventCatalogue): Refusal {
  const name = /^heed\.([a-z-]+)\.v\d+$/u.exec(type)?.[1];
  const known = [...catalogue.values()];
  const versions = known.filter((entry) => entry.name === name);
  if (versions.length > 0) {
    return {
      reason: 'unsupported-version',
      detail: `this Heed does not read ${shortType(type)}; it reads ${listed(versions)}`,
      remedy: 'send one of the versions it reads, or upgrade Heed and redrive the dead letter',
    };
  }
  return {
    reason: 'unknown-type',
    detail: `there is no event type ${JSON.stringify(shortType(type))}`,
    remedy: `send one of ${listed(known)}; words of your own go into attributes, kinds and names`,
  };
}

function listed(entries: readonly { readonly type: string }[]): string {
  return entries.map(({ type }) => type).join(', ');
}
