import type { Note } from './mapped-turn.ts';
import { pathSteps, readPath } from './read-path.ts';

/** The items of the list at a path of a record; notes when there is none. */
export function itemsReader(path: string): (record: unknown, note: Note) => readonly unknown[] {
  const steps = pathSteps(path);
  return (record, note) => {
    const items = readPath(record, path, steps);
    if (Array.isArray(items)) return items as readonly unknown[];
    note(`there is no list at ${JSON.stringify(path)}`);
    return [];
  };
}
