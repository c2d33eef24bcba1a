import { rfc3339Ms } from '@heed/events';

/** Milliseconds since 1970 of a value that stands in a log; undefined when it is no time in the format. */
export type TimeReader = (value: string | number) => number | undefined;

const FIELDS: Readonly<Record<string, string>> = {
  yyyy: '(?<year>\\d{4})',
  yy: '(?<shortYear>\\d{2})',
  MM: '(?<month>\\d{2})',
  dd: '(?<day>\\d{2})',
  HH: '(?<hour>\\d{2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
};
const PARTS = /yyyy|yy|MM|dd|HH|mm|ss|S+|[[\]]|[^A-Za-z[\]]|T|Z/gu;
/** As far as a date of the language goes either way of 1970; nothing beyond can be written as a time. */
const FARTHEST_MS = 8.64e15;
/** Two digits of a year mean 1970 to 2069. */
const FIRST_SHORT_YEAR = 70;

/**
 * A reader of times in a format: `rfc3339`, `epoch-seconds`, `epoch-millis`, or a pattern of `yyyy yy MM dd HH mm ss`, `S...`
 * for a fraction, `[...]` around what may be absent, and any punctuation. Undefined when the format is none of these.
 *
 * @example parseTimeFormat('yyMMddHHmmss')?.('970916105432') // 874407272000
 */
export function parseTimeFormat(format: string, zone = 'UTC'): TimeReader | undefined {
  switch (format) {
    case 'rfc3339':
      return (value) => rfc3339Ms(String(value));
    case 'epoch-seconds':
      return (value) => epochMs(value, 1000);
    case 'epoch-millis':
      return (value) => epochMs(value, 1);
    default:
      return patternReader(format, offsetMs(zone));
  }
}

function epochMs(value: string | number, unitMs: number): number | undefined {
  const count = typeof value === 'number' || value.trim() !== '' ? Number(value) : Number.NaN;
  const timeMs = Math.round(count * unitMs);
  return isTimeMs(timeMs) ? timeMs : undefined;
}

/** Whether there is such a time at all: nanoseconds taken for milliseconds, for one, are none. */
export function isTimeMs(timeMs: number): boolean {
  return Math.abs(timeMs) <= FARTHEST_MS;
}

function patternReader(format: string, zoneMs: number): TimeReader | undefined {
  const parts = format.match(PARTS) ?? [];
  if (parts.join('') !== format || !/y/u.test(format) || !format.includes('MM') || !format.includes('dd'))
    return undefined;
  const pattern = compiled(`^${parts.map(expressionOf).join('')}$`);
  if (pattern === undefined) return undefined;
  return (value) => {
    const found = pattern.exec(String(value).trim())?.groups;
    return found === undefined ? undefined : utcMs(found, zoneMs);
  };
}

function expressionOf(part: string): string {
  if (part === '[') return '(?:';
  if (part === ']') return ')?';
  if (part.startsWith('S')) return '(?<fraction>\\d+)';
  return FIELDS[part] ?? part.replace(/[.*+?^${}()|\\/]/gu, '\\$&');
}

/** A pattern may name a part twice or leave a bracket open. */
function compiled(expression: string): RegExp | undefined {
  try {
    return new RegExp(expression, 'u');
  } catch {
    return undefined;
  }
}

function utcMs(found: Readonly<Partial<Record<string, string>>>, zoneMs: number): number | undefined {
  const numberOf = (name: string): number => Number(found[name] ?? '0');
  const short = numberOf('shortYear');
  const year =
    found['year'] === undefined ? short + (short < FIRST_SHORT_YEAR ? 2000 : 1900) : numberOf('year');
  const [month, day, hour] = [numberOf('month'), numberOf('day'), numberOf('hour')];
  const [minute, second] = [numberOf('minute'), numberOf('second')];
  const fractionMs = Math.floor(Number(`0.${found['fraction'] ?? '0'}`) * 1000);
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second, fractionMs));
  const isReal =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return isReal ? date.getTime() - zoneMs : undefined;
}

function offsetMs(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):(\d{2})$/u.exec(zone) ?? [];
  const ms = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? -ms : ms;
}
