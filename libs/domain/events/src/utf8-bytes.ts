/**
 * Whether a text takes more than `limit` bytes in UTF-8. A UTF-16 unit takes one to three bytes, so most texts are judged
 * by their length alone; only the ones in between are counted.
 *
 * @example takesMoreThan(5, 'naïve') // true: ï takes two bytes
 */
export function takesMoreThan(limit: number, text: string): boolean {
  if (text.length > limit) return true;
  return text.length * 3 > limit && utf8Bytes(text) > limit;
}

/** The bytes of a text in UTF-8; a lone surrogate counts as the three bytes of the replacement character. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    bytes += code < 0x800 ? 1 : 2;
    if (code >= 0xd800 && code < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      // A pair is two units and four bytes: the two units are counted already, so two more, and its second half none.
      i++;
    }
  }
  return bytes;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}
