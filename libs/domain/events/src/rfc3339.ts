const PATTERN =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const LEAP_SECOND_MS = 1000;

/**
 * Milliseconds since 1970 of an RFC 3339 timestamp, undefined when the text is none. A zone is insisted on: a local time
 * without one means something else on every machine. Digits below the millisecond are cut off.
 *
 * @example rfc3339Ms('2026-03-01T09:00:00+01:00') // 1772352000000
 */
export function rfc3339Ms(text: string): number | undefined {
  if (!PATTERN.test(text)) return undefined;
  if (text.charCodeAt(8) > 0x31 && !dayExists(text)) return undefined;
  const plain = Date.parse(text);
  if (!Number.isNaN(plain)) return plain;
  // `Date.parse` knows no leap second; it is the second after the one before it.
  const before = Date.parse(text.toUpperCase().replace(/:60/u, ':59'));
  return before + LEAP_SECOND_MS;
}

/** `Date.parse` takes 30 February for 2 March. */
function dayExists(text: string): boolean {
  const daysInMonth = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
  return Number(text.slice(8, 10)) <= daysInMonth;
}
