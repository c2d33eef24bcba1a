import type { Estimate, Quality } from './quality-of.ts';

/** What came of a trial. */
export interface Tried {
  readonly name: string;
  readonly quality: Quality;
}

const HEAD = [
  ...['', 'cases', 'native', 'with encoder', 'reference', 'length alone'],
  ...['native - reference', 'encoder - native', 'ECE native', 'best possible'],
];

/** Lines of one table: every figure with its 95 % interval. */
export function qualityTable(tried: readonly Tried[]): readonly string[] {
  const rows = tried.map(({ name, quality }) => [
    `${name} (${quality.measure})`,
    String(quality.cases),
    ...[quality.native, quality.encoded, quality.reference, quality.length].map((one) => inWords(one, false)),
    ...[quality.nativeOverReference, quality.encodedOverNative].map((one) => inWords(one, true)),
    quality.ece?.toFixed(3) ?? '-',
    inWords(quality.best, false),
  ]);
  const widths = HEAD.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [HEAD, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function inWords(estimate: Estimate | undefined, signed: boolean): string {
  if (estimate === undefined) return '-';
  const number = (value: number): string => `${signed && value >= 0 ? '+' : ''}${value.toFixed(3)}`;
  return `${number(estimate.value)} [${number(estimate.low)}, ${number(estimate.high)}]`;
}
