import type { z } from 'zod';
import { err, ok, type Result } from '@heed/kernel';

interface VersionStep {
  readonly schema: z.ZodType;
  /** From this version's data to the next one's; the newest version has none. */
  readonly upcast?: (data: never) => unknown;
}

/**
 * Every version that a type of event ever had, the newest last. Stored events are never rewritten: an old one is checked
 * against the schema of its own version and then carried up step by step whenever it is read.
 */
export interface StoredVersions {
  readonly steps: readonly VersionStep[];
}

export interface VersionChain<Newest> extends StoredVersions {
  /** Adds a version: its schema, and how data of the version before becomes data of this one. */
  next<Data>(schema: z.ZodType<Data>, upcast: (data: Newest) => Data): VersionChain<Data>;
}

/** @example firstVersion(turnV1).next(turnV2, (data) => ({ ...data, surface: 'unknown' })) */
export function firstVersion<Data>(schema: z.ZodType<Data>): VersionChain<Data> {
  return chainOf<Data>([], schema);
}

function chainOf<Newest>(before: readonly VersionStep[], newest: z.ZodType<Newest>): VersionChain<Newest> {
  return {
    steps: [...before, { schema: newest }],
    next: (schema, upcast) => chainOf([...before, { schema: newest, upcast }], schema),
  };
}

/** Data of a version (1, 2, ...) that must exist, checked and brought to the newest. Schemas must not transform. */
export function readVersion(
  { steps }: StoredVersions,
  version: number,
  data: unknown,
): Result<unknown, z.core.$ZodError> {
  const stored = steps[version - 1];
  if (stored === undefined) throw new RangeError(`there is no version ${version}`);
  const checked = stored.schema.safeParse(data);
  if (!checked.success) return err(checked.error);
  // A schema only checks. What goes on is the data itself, with the fields that no schema knows.
  let current = data;
  for (let i = version - 1; i < steps.length - 1; i++) {
    // What leaves one step has the type that the next one takes: `next` is the only way to put them together.
    current = steps[i]?.upcast?.(current as never);
  }
  return ok(current);
}
