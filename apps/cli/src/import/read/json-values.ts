import { isUtf8 } from 'node:buffer';
import { JsonSplitter, type FoundValue } from './json-splitter.ts';
import { withoutByteOrderMark } from './lines.ts';
import type { Row, Rows } from './row.ts';

/**
 * The elements of a JSON array, or JSON values one after the other, however they are laid out over lines. Memory holds one
 * element and one piece of the file at a time. An element that is no JSON is an unreadable row.
 *
 * Throws ReadFault when the brackets do not fit, because then nothing tells where the next element begins.
 */
export async function* jsonValues(bytes: AsyncIterable<Buffer>, maxBytes?: number): Rows {
  const splitter = new JsonSplitter(maxBytes);
  for await (const chunk of withoutByteOrderMark(bytes)) {
    splitter.push(chunk);
    yield* rowsOf(splitter);
  }
  splitter.end();
  yield* rowsOf(splitter);
}

function* rowsOf(splitter: JsonSplitter): Generator<readonly Row[]> {
  const values = splitter.take();
  if (values.length > 0) yield values.map(rowOf);
  if (splitter.fault !== undefined) throw splitter.fault;
}

function rowOf(found: FoundValue): Row {
  if ('problem' in found) return found;
  const { line, bytes } = found;
  if (!isUtf8(bytes)) return { line, problem: 'the bytes are not UTF-8', raw: bytes };
  const raw = bytes.toString('utf8');
  try {
    return { line, value: JSON.parse(raw), text: raw };
  } catch {
    return { line, problem: 'the value is not JSON', raw };
  }
}
