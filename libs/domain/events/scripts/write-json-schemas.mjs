// Writes docs/events/schemas from the catalogue: node libs/domain/events/scripts/write-json-schemas.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { jsonSchemas } from '@heed/events';

const folder = fileURLToPath(new URL('../../../../docs/events/schemas/', import.meta.url));
mkdirSync(folder, { recursive: true });
for (const [file, schema] of Object.entries(jsonSchemas())) {
  writeFileSync(`${folder}${file}`, `${JSON.stringify(schema, null, 2)}\n`);
}
