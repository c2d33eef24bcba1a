import type { DeadLetterList, DeadLetterView, IngestResult } from '@heed/contract';
import { count, counted } from '../output/numbers.ts';
import { table, type Column } from '../output/table.ts';

const columns: readonly Column<DeadLetterView>[] = [
  { title: 'id', of: ({ id }) => id, maxWidth: 200 },
  { title: 'reason', of: ({ reason }) => reason },
  { title: 'first seen', of: ({ firstSeen }) => firstSeen },
  { title: 'what is wrong', of: ({ detail }) => detail, maxWidth: 80 },
];

export function deadLetterListText({ total, reasons, deadLetters }: DeadLetterList): string {
  if (total === 0) return 'No dead letters: every event was taken.';
  const byReason = Object.entries(reasons)
    .map(([reason, n]) => `${reason} ${count(n)}`)
    .join(', ');
  const more =
    total > deadLetters.length
      ? `\n\n${count(deadLetters.length)} of ${count(total)} shown; --limit shows more.`
      : '';
  return `${counted(total, 'dead letter')}: ${byReason}\n\n${table(deadLetters, columns)}${more}`;
}

export function deadLetterText(letter: DeadLetterView): string {
  const { id, reason, detail, remedy, eventId, eventType, session, firstSeen, bytes } = letter;
  return [
    `${id}  ${reason}`,
    `what is wrong  ${detail}\nwhat to do     ${remedy}`,
    `event ${eventId || '?'}  type ${eventType || '?'}  session ${session || '?'}  first seen ${firstSeen}`,
    bytes,
  ].join('\n\n');
}

export function redriveText({ status, detail, remedy }: IngestResult): string {
  if (status === 'dead-lettered')
    return `It was refused again: ${detail ?? 'no reason given'}\n${remedy ?? ''}`;
  return status === 'accepted' ? 'Sent again and accepted.' : 'Sent again: the event was in the log already.';
}
