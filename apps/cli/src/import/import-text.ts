import { count, counted, duration } from '../output/numbers.ts';
import type { ImportReport } from './import-files.ts';

const NOT_SHOWN =
  'NOT SHOWN YET: everything is safe in the log, but the warehouse has not moved for two minutes.\n' +
  '  It shows once the warehouse catches up; no import has to be repeated. `heed doctor` tells more.';

/** What came of an import, for people. */
export function importText(report: ImportReport): string {
  const { read, resumed, rejectedRows, accepted, duplicates, deadLetters, seconds, unreadable } = report;
  const rate = seconds > 0 ? ` (${count(read / seconds)}/s)` : '';
  const lines = [
    `${counted(read, 'record')} in ${duration(seconds)}${rate}`,
    ...(resumed > 0 ? [`  ${count(resumed)} were in from an earlier run`] : []),
    `  ${counted(accepted, 'event')} accepted, ${counted(duplicates, 'duplicate')}`,
    ...deadLettersText(deadLetters),
    ...(rejectedRows > 0
      ? [`  ${counted(rejectedRows, 'row')} could not be read and are among them, as they stand in the file`]
      : []),
    ...(report.projected ? [] : [NOT_SHOWN]),
    ...unreadable.map(({ file, title, remedy }) => `NOT READ TO ITS END: ${file}: ${title}\n  ${remedy}`),
    ...(accepted + duplicates > 0 ? ['Next: heed mine, or heed train love where users react'] : []),
  ];
  return lines.join('\n');
}

function deadLettersText(deadLetters: Readonly<Record<string, number>>): readonly string[] {
  const reasons = Object.entries(deadLetters);
  if (reasons.length === 0) return [];
  const total = reasons.reduce((sum, [, n]) => sum + n, 0);
  const byReason = reasons.map(([reason, n]) => `${reason} ${count(n)}`).join(', ');
  return [`  ${counted(total, 'dead letter')} (${byReason}): heed dead-letters shows why`];
}
