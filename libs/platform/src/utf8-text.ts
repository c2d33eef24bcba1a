import { isUtf8 } from 'node:buffer';

/** The text of bytes that are UTF-8, without the byte order mark in front of it; null when they are not UTF-8. */
export function utf8Text(bytes: Buffer): string | null {
  if (!isUtf8(bytes)) return null;
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return bytes.toString('utf8', marked ? 3 : 0);
}
