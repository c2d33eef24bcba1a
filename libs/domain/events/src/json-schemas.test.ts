import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jsonSchemas } from './json-schemas.ts';

const FOLDER = new URL('../../../../docs/events/schemas/', import.meta.url);

describe('the JSON Schema files', () => {
  it('are those of the catalogue (write them with libs/domain/events/scripts/write-json-schemas.mjs)', () => {
    const files = readdirSync(FOLDER).map((file) => [
      file,
      JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as unknown,
    ]);
    expect(Object.fromEntries(files)).toEqual(JSON.parse(JSON.stringify(jsonSchemas())));
  });

  it('ask for the fields that an event cannot be without', () => {
    expect(jsonSchemas()['heed.turn.v1.schema.json']).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      properties: { type: { const: 'heed.turn.v1' }, data: { required: ['turn', 'request'] } },
      required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'data'],
    });
  });
});
