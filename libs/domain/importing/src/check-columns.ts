import { err, ok, type Result } from '@heed/kernel';
import type { Mapping, MappingCondition, MappingField } from './mapping.ts';
import type { MappingProblem } from './mapping-problem.ts';
import { choicesOf, placesOf, placesText } from './places-of.ts';

/**
 * Whether a table has the columns that a mapping reads; asked once, before the first row. Of a value with several places to
 * look at one is enough, as a mapping may serve several files; the columns of conditions must all be there, as a condition
 * on a column that is not there never holds and would drop what depends on it in silence.
 */
export function checkColumns(
  mapping: Mapping,
  columns: readonly string[],
): Result<undefined, MappingProblem> {
  const has = (path: string): boolean => columns.includes(path);
  const fields = fieldsOf(mapping);
  const missing = fields.filter((field) => readsPath(field) && !placesOf(field).some(has));
  const unmet = [
    ...fields.flatMap(conditionsOf),
    ...(mapping.turns?.each === undefined ? (mapping.turns?.skip ?? []) : []),
  ]
    .map(({ path }) => path)
    .filter((path) => !has(path));
  const names = new Set([...missing.map(placesText), ...unmet.map((path) => JSON.stringify(path))]);
  if (names.size === 0) return ok(undefined);
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
        ];
  return [...ofRecord, ...ofTurn].filter((field) => field !== undefined);
}

/** Constants under conditions alone read nothing else than what the conditions name. */
function readsPath(field: MappingField): boolean {
  return choicesOf(field).some((choice) => typeof choice === 'string' || 'path' in choice);
}

function conditionsOf(field: MappingField): readonly MappingCondition[] {
  return choicesOf(field).flatMap((choice) =>
    typeof choice === 'string' || choice.when === undefined ? [] : [choice.when],
  );
}
