import type { MappingField } from './mapping.ts';

/** The paths that a field reads, any of which may hold its value. */
export function placesOf(field: MappingField): readonly string[] {
  const choices = Array.isArray(field) ? field : [field];
  return choices.flatMap((choice) => {
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
