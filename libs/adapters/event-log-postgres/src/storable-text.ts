/** Stands after every text of a joined column; a text that holds it itself is stored as JSON, where it is escaped. */
export const separator = '\u0002';

/** No stored text begins with it except those that were stored in another way than as themselves. */
export const mark = '\u0001';

/**
 * PostgreSQL's text holds every Unicode text except one with NUL in it, and the driver turns half a surrogate pair into
 * a question mark. Both are rare, but the log gives back exactly what it was given: such a text is stored as its JSON
 * string behind a mark. A text that begins with the mark is stored that way as well.
 */
export function toStorable(text: string): string {
  return isPlain(text) ? text : mark + JSON.stringify(text);
}

export function fromStorable(stored: string): string {
  return stored.startsWith(mark) ? String(JSON.parse(stored.slice(mark.length))) : stored;
}

function isPlain(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0') && !text.includes(separator) && !text.startsWith(mark);
}
