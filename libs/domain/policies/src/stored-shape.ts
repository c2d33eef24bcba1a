import { Fault } from '@heed/kernel';
import { z } from 'zod';
import type { Attribution } from './fix.ts';

// What the stored shapes of all aggregates have in common. As with every stored shape, what was once written is read for ever.

/** Who decided, when and why, as it stands in every stored event. */
export const storedAttribution = z.object({ at: z.iso.datetime(), who: z.string(), why: z.string() });

export function attributionToStored({ atMs, who, why }: Attribution): z.output<typeof storedAttribution> {
  return { at: new Date(atMs).toISOString(), who, why };
}

export function attributionFromStored(type: string, data: unknown): Attribution {
  const { at, who, why } = parseStored(storedAttribution, type, data);
  return { atMs: Date.parse(at), who, why };
}

/** @throws Fault `stored-event-unreadable` */
export function parseStored<Schema extends z.ZodType>(
  schema: Schema,
  type: string,
  data: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw unreadable(type, z.prettifyError(parsed.error));
}

export function unknownType(type: string): Fault {
  return unreadable(type, 'this version of Heed does not know the type');
}

function unreadable(type: string, why: string): Fault {
  return new Fault(
    'stored-event-unreadable',
    `A stored event '${type}' cannot be read: ${why}.`,
    'Run the newest version of Heed that was ever used on this data folder, or restore the folder from a backup.',
  );
}
