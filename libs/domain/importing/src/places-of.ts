import type { MappingField } from './mapping.ts';

type MappingChoice = Exclude<MappingField, readonly unknown[]>;

/** What a field tries in turn, one or several. */
export function choicesOf(field: MappingField): readonly MappingChoice[] {
  return Array.isArray(field) ? field : [field];
}

/** The paths that a field reads, any of which may hold its value. */
export function placesOf(field: MappingField): readonly string[] {
  return choicesOf(field).flatMap((choice) => {
    if (typeof choice === 'string') return [choice];
    if ('path' in choice) return [choice.path];
    return choice.when === undefined ? [] : [choice.when.path];
  });
}

/** @example placesText(['login', 'user']) // '"login" or "user"' */
export function placesText(field: MappingField): string {
  return placesOf(field)
    .map((path) => JSON.stringify(path))
    .join(' or ');
}
