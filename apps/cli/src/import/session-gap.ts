import { UsageFault } from '../usage-fault.ts';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30m`, `90s`, `1h` or `1d` in milliseconds. Throws UsageFault. */
export function sessionGapMs(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  const ms = Number(number) * (UNIT_MS[unit] ?? Number.NaN);
  if (ms > 0) return ms;
  throw new UsageFault(`--session-gap ${text} is not a time`, 'Write it like 30m, 90s or 2h.');
}
