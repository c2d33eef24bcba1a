import type { CreatedKey, KeyView } from '@heed/contract';
import { table, type Column } from '../output/table.ts';

const columns: readonly Column<KeyView>[] = [
  { title: 'key', of: ({ id }) => id },
  { title: 'kind', of: ({ kind }) => kind },
  { title: 'tenant', of: tenantOf, maxWidth: 24 },
  { title: 'status', of: ({ status }) => status },
  { title: 'made', of: ({ created }) => `${created.at.slice(0, 10)} by ${created.who}`, maxWidth: 30 },
  { title: 'name', of: ({ name }) => name, maxWidth: 30 },
  { title: 'origins', of: ({ origins }) => origins.join(' '), maxWidth: 60 },
];

export function keyListText(keys: readonly KeyView[]): string {
  if (keys.length > 0) return table(keys, columns);
  return 'No keys. A Heed on 127.0.0.1 needs none; `heed keys create admin --all-tenants` makes the first, and from then on every request needs one.';
}

export function createdKeyText(created: CreatedKey): string {
  return [
    created.key,
    '',
    `This is key ${created.id}, of kind ${created.kind}, for ${tenantOf(created)}. It is shown now and never again: keep it in a secret store.`,
    `Use it as HEED_KEY with heed, or as Authorization: Bearer KEY. heed keys revoke ${created.id} takes it back.`,
  ].join('\n');
}

export function revokedKeyText({ id, revoked }: KeyView): string {
  return `${id} is revoked (${revoked?.at ?? ''}, ${revoked?.who ?? ''}): the next request that brings it is refused.`;
}

function tenantOf({ tenant }: KeyView): string {
  return tenant ?? '(all)';
}
