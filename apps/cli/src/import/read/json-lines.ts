import { linesOf, type Line } from './lines.ts';
import type { Row, Rows } from './row.ts';

/** One JSON value a line; blank lines are passed over. A line that is no JSON is an unreadable row, and the rest goes on. */
export async function* jsonLines(bytes: AsyncIterable<Buffer>, maxBytes?: number): Rows {
  for await (const lines of linesOf(bytes, maxBytes)) {
    yield lines.filter(({ text, long }) => long !== undefined || text.trim() !== '').map(rowOf);
  }
}

function rowOf({ number, text, invalid, long }: Line): Row {
  if (long !== undefined) return long;
  if (invalid !== undefined) return { line: number, problem: 'the bytes are not UTF-8', raw: invalid };
  try {
    return { line: number, value: JSON.parse(text), text };
  } catch (error) {
    return { line: number, problem: `it is not JSON (${reason(error)})`, raw: text };
  }
}

/** V8 quotes the text around the fault; the user's words stay out of messages, the row itself is kept. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(/^Unexpected token .*? is not valid JSON$/su, 'unexpected character')
    .replace(/, ?"".*$/su, '');
}
