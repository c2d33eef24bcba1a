const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * The elements of a JSON array as the texts they came in, so that every event of a batch keeps its own bytes and one bad
 * event takes no other down with it. Elements are delimited, not validated: each is parsed later, on its own.
 *
 * Null when the text is not one bracketed list with balanced brackets and quotes. Linear in the text's length.
 *
 * @example splitJsonArray('[{"a":1}, 2]') // ['{"a":1}', '2']
 */
export function splitJsonArray(text: string): readonly string[] | null {
  const source = text.trim();
  if (source.charCodeAt(0) !== OPEN_BRACKET) return null;
  const elements: string[] = [];
  let depth = 1;
  let start = 1;
  for (let at = 1; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === QUOTE) {
      at = closingQuote(source, at);
      if (at < 0) return null;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return at === source.length - 1 ? withLast(elements, source.slice(start, at)) : null;
    } else if (code === COMMA && depth === 1) {
      elements.push(source.slice(start, at).trim());
      start = at + 1;
    }
  }
  return null;
}

/** Index of the quote that ends the string opened at `open`; -1 when none does. */
function closingQuote(source: string, open: number): number {
  let at = source.indexOf('"', open + 1);
  while (at >= 0) {
    let before = at - 1;
    while (source.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((at - before) % 2 === 1) return at;
    at = source.indexOf('"', at + 1);
  }
  return -1;
}

function withLast(elements: string[], rest: string): string[] {
  const last = rest.trim();
  if (last !== '' || elements.length > 0) elements.push(last);
  return elements;
}
