import type { SeededRandom } from '@heed/kernel';
import { z } from 'zod';
import type { JsonSchema } from './api-routes.ts';
import { words } from './valid-events.ts';

const shape = z.object({
  type: z.union([z.string(), z.array(z.string()).nonempty()]).optional(),
  enum: z.array(z.unknown()).optional(),
  format: z.string().optional(),
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  required: z.array(z.string()).default([]),
  items: z.record(z.string(), z.unknown()).optional(),
  minimum: z.number().default(0),
  maximum: z.number().default(100),
});

/** A value that fits a schema, as far as the schemas of Heed's requests go. */
export function valueOf(schema: JsonSchema, random: SeededRandom): unknown {
  const { type, format, properties, required, items, minimum, maximum, ...rest } = shape.parse(schema);
  if (rest.enum !== undefined) return random.pick(rest.enum);
  switch (typeof type === 'object' ? random.pick(type) : type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(properties)
          .filter(([name]) => required.includes(name) || random.chance(0.5))
          .map(([name, inner]) => [name, valueOf(inner, random)]),
      );
    case 'array':
      return items === undefined ? [] : [valueOf(items, random)];
    case 'null':
      return null;
    case 'boolean':
      return random.chance(0.5);
    case 'integer':
      return Math.floor(Math.min(minimum + random.below(100), maximum));
    case 'number':
      return Math.min(Math.max(minimum, 0) + random.next(), maximum);
    case 'string':
      return format === 'date' ? '2026-03-01' : words(random);
    default:
      return words(random);
  }
}
