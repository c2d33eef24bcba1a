export type Cell = string | number | null | readonly (string | number | null)[];

/**
 * Rows as JSONCompactEachRow. A text from JSON may hold half a surrogate pair, which is no Unicode and which ClickHouse
 * refuses: it becomes U+FFFD, as it would in UTF-8.
 */
export function encodeRows(rows: Iterable<readonly Cell[]>): Uint8Array {
  const pieces: Buffer[] = [];
  let text = '';
  for (const row of rows) {
    text += `${encodeRow(row)}\n`;
    if (text.length < PIECE_LENGTH) continue;
    pieces.push(Buffer.from(text, 'utf8'));
    text = '';
  }
  pieces.push(Buffer.from(text, 'utf8'));
  return Buffer.concat(pieces);
}

/** Characters; a JavaScript string has a limit that a batch of large events would reach. */
const PIECE_LENGTH = 1 << 22;

// JSON.stringify writes half a pair as an escape and a whole pair as itself, so that the escape gives it away; a text that
// contains a backslash before "ud8" is escaped once more than needed, which changes nothing.
function encodeRow(row: readonly Cell[]): string {
  const text = JSON.stringify(row);
  return text.includes('\\ud') && /\\ud[89a-f]/u.test(text) ? JSON.stringify(row, wellFormed) : text;
}

function wellFormed(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}
