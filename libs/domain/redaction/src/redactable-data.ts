import { EVENT_CATALOGUE, rfc3339Ms } from '@heed/events';
import { z } from 'zod';

/**
 * What may become of what stands at a place of an event's data, so that the event stays one.
 * - `text`: another text.
 * - `free`: anything may stand there, so a text may too.
 * - `Kept`: nothing, where it is what it has to be.
 */
export type Redactable = 'text' | 'free' | Kept | RedactableObject;

/** A number, a time, a word out of a few, or an id that ties events together. */
export interface Kept {
  /** Whether this text may not be touched: with any other in its place the event would be none, or be of something else. */
  readonly keeps: (text: string) => boolean;
}

export interface RedactableObject {
  readonly members: ReadonlyMap<string, Redactable>;
  /** Of a member that the schema does not name. */
  readonly others: Redactable;
}

/** Where the schema has a field of this name it says which turn, event or fix is meant, or what kind of thing was done. */
const TIES = new Set(['turn', 'retracts', 'by', 'fix', 'kind']);

/** In a request to forget somebody the user is whom to forget. */
const TIES_OF: Readonly<Record<string, ReadonlySet<string>>> = { erasure: new Set([...TIES, 'user']) };

const TIE: Kept = { keeps: () => true };
const NO_TEXT: Kept = { keeps: () => false };
const TIME: Kept = { keeps: (text) => rfc3339Ms(text) !== undefined };

interface JsonSchema {
  readonly type?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly format?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly additionalProperties?: JsonSchema | boolean | undefined;
  readonly items?: JsonSchema | boolean | undefined;
  readonly anyOf?: readonly JsonSchema[] | undefined;
  readonly oneOf?: readonly JsonSchema[] | undefined;
}

const jsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.object({
    type: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    format: z.unknown().optional(),
    properties: z.record(z.string(), jsonSchema).optional(),
    additionalProperties: z.union([z.boolean(), jsonSchema]).optional(),
    items: z.union([z.boolean(), jsonSchema]).optional(),
    anyOf: z.array(jsonSchema).optional(),
    oneOf: z.array(jsonSchema).optional(),
  }),
);

/** By type, as written in an event. Taken from the schemas themselves; a type that is not in it has nothing to protect. */
export const REDACTABLE_DATA: ReadonlyMap<string, Redactable> = new Map(
  [...EVENT_CATALOGUE.values()].map(({ type, name, schema }) => [
    type,
    redactable(jsonSchema.parse(z.toJSONSchema(schema, { io: 'input' })), TIES_OF[name] ?? TIES),
  ]),
);

/** A list is what its elements are. */
function redactable(schema: JsonSchema, ties: ReadonlySet<string>): Redactable {
  if (schema.type === 'object') return objectOf(schema, ties);
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return eitherOf(either.map((one) => redactable(one, ties)));
  if (schema.type === 'array')
    return typeof schema.items === 'object' ? redactable(schema.items, ties) : NO_TEXT;
  const words = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (words !== undefined) return { keeps: (text) => words.includes(text) };
  if (schema.format === 'date-time') return TIME;
  if (schema.type === 'string') return 'text';
  if (Array.isArray(schema.type) && schema.type.includes('string')) return 'free';
  return schema.type === undefined ? 'free' : NO_TEXT;
}

function objectOf(
  { properties = {}, additionalProperties }: JsonSchema,
  ties: ReadonlySet<string>,
): Redactable {
  const members = Object.entries(properties).map(
    ([key, schema]) => [key, ties.has(key) ? TIE : redactable(schema, ties)] as const,
  );
  const others = typeof additionalProperties === 'object' ? redactable(additionalProperties, ties) : 'free';
  return { members: new Map(members), others };
}

/** A text may stand where one of several shapes is a text. Of several objects each must stay what it is. */
function eitherOf(shapes: readonly Redactable[]): Redactable {
  const objects = shapes.filter(isObject);
  if (objects.length < shapes.length)
    return shapes.some((shape) => typeof shape === 'string') ? 'free' : bothKept(shapes);
  const members = new Map<string, Redactable>();
  for (const [key, shape] of objects.flatMap((object) => [...object.members])) {
    const before = members.get(key);
    members.set(key, before === undefined ? shape : strictest(before, shape));
  }
  return { members, others: 'free' };
}

function strictest(one: Redactable, other: Redactable): Redactable {
  if (isObject(one) && isObject(other)) return eitherOf([one, other]);
  const kept = [one, other].filter(isKept);
  if (kept.length > 0) return bothKept(kept);
  return one === 'text' ? one : other;
}

function bothKept(shapes: readonly Redactable[]): Kept {
  const kept = shapes.filter(isKept);
  return { keeps: (text) => kept.some(({ keeps }) => keeps(text)) };
}

export function isObject(shape: Redactable): shape is RedactableObject {
  return typeof shape === 'object' && 'members' in shape;
}

export function isKept(shape: Redactable): shape is Kept {
  return typeof shape === 'object' && 'keeps' in shape;
}
