import { err, ok, type Result } from '@heed/kernel';
import type { Mapping, MappingField } from './mapping.ts';
import type { MappingProblem } from './mapping-problem.ts';
import { placesOf, placesText } from './places-of.ts';
import { pathSteps } from './read-path.ts';

/**
 * Whether a table has the columns that a mapping reads; asked once, before the first row. Of a field with several places to
 * look at, one is enough.
 */
export function checkColumns(
  mapping: Mapping,
  columns: readonly string[],
): Result<undefined, MappingProblem> {
  const has = (path: string): boolean =>
    columns.includes(path) || columns.includes(String(pathSteps(path)[0]));
  const missing = fieldsOf(mapping).filter((field) => {
    const places = placesOf(field);
    return places.length > 0 && !places.some(has);
  });
  if (missing.length === 0) return ok(undefined);
  const names = new Set(missing.map(placesText));
  return err({
    detail: `the mapping "${mapping.name}" reads ${[...names].join(', ')}, but the file has only the columns ${columns.join(', ')}`,
    remedy: 'correct the names in the mapping; for a file without a header row give their names as "columns"',
  });
}

function fieldsOf({
  session,
  user,
  time,
  locale,
  surface,
  turns,
  ratings,
  outcomes,
}: Mapping): readonly MappingField[] {
  const ofRecord = [
    session,
    user,
    time.path,
    locale,
    surface,
    ...[...ratings, ...outcomes].map(({ value }) => value),
  ];
  // Paths below `each` lead into its items, not to columns.
  const ofTurn: readonly (MappingField | undefined)[] =
    turns === undefined || turns.each !== undefined
      ? []
      : [
          turns.id,
          turns.request,
          turns.response,
          turns.model,
          turns.latencyMs,
          turns.time?.path,
          ...Object.values(turns.attributes),
          ...turns.reactions.map(({ kind }) => kind),
          ...[...turns.ratings, ...turns.outcomes].map(({ value }) => value),
          ...turns.skip.map(({ path }) => path),
        ];
  return [...ofRecord, ...ofTurn].filter((field) => field !== undefined);
}
