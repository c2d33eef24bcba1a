import type { BenchFigure, BenchReport } from './figures.ts';

/** For people: one line a figure, ours, the reference, the ratio. */
export function printReport(report: BenchReport): string {
  const rows = report.figures.map((figure) => [
    figure.name,
    `${number(figure.ours)} ${figure.unit}`,
    figure.reference === null ? '-' : `${number(figure.reference)} ${figure.unit}`,
    figure.ratio === null ? '-' : `${number(figure.ratio)}x`,
    figure.referenceName,
  ]);
  const head = [report.name, 'ours', 'reference', 'ratio', 'reference is'];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(head), ...rows.map(line), ...report.notes.map((note) => `  ${note}`), ''].join('\n');
}

/** For programs: the headline's fields first, as the command line's contract names them, then every figure. */
export function reportJson(report: BenchReport): string {
  const [headline] = report.figures;
  const { ours, reference, ratio, unit, runs }: Partial<BenchFigure> = headline ?? {};
  return JSON.stringify({
    name: report.name,
    ours,
    reference,
    ratio,
    unit,
    runs,
    figures: report.figures,
    notes: report.notes,
  });
}

function number(value: number): string {
  if (value !== 0 && Math.abs(value) < 10) return value.toPrecision(3);
  return Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
}
