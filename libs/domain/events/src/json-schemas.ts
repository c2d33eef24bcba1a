import { z } from 'zod';
import { EVENT_CATALOGUE, type CatalogueEntry } from './catalogue.ts';
import { DEFAULT_EVENT_LIMITS } from './event-limits.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * For producers in any language: one JSON Schema (draft 2020-12) for every type and version, with the CloudEvents envelope
 * around `data`. File name -> schema. A schema takes no notice of sizes in bytes and of clocks; Heed does.
 */
export function jsonSchemas(): Readonly<Record<string, object>> {
  return Object.fromEntries(
    [...EVENT_CATALOGUE.values()].map((entry) => [`${entry.type}.schema.json`, schemaOf(entry)]),
  );
}

function schemaOf({ type, schema }: CatalogueEntry): object {
  const data: Record<string, unknown> = {
    ...z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' }),
  };
  delete data['$schema'];
  const id = { type: 'string', minLength: 1, maxLength: DEFAULT_EVENT_LIMITS.idBytes };
  return {
    $schema: DIALECT,
    title: type,
    type: 'object',
    properties: {
      specversion: { const: '1.0' },
      id: {
        ...id,
        description:
          'Unique for each event within a tenant; sending it again with the same content is harmless',
      },
      source: { type: 'string', minLength: 1, description: 'Names the sender' },
      type: { const: type },
      subject: { ...id, description: 'The session' },
      time: { type: 'string', format: 'date-time', description: 'RFC 3339 with a zone' },
      datacontenttype: { type: 'string', pattern: '^application/([\\w.-]+\\+)?json' },
      data,
    },
    required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'data'],
  };
}
