import type { DeadLetterList, DeadLetterState, DeadLetterView, IngestResult } from '@heed/contract';
import { count, counted } from '../output/numbers.ts';
import { table, type Column } from '../output/table.ts';

const columns: readonly Column<DeadLetterView>[] = [
  { title: 'id', of: ({ shortId }) => shortId, maxWidth: 200 },
  { title: 'reason', of: ({ reason }) => reason },
  { title: 'first seen', of: ({ firstSeen }) => firstSeen },
  { title: 'texts', of: (letter) => count(letter.count), align: 'right' },
  { title: 'what is wrong', of: ({ detail }) => detail, maxWidth: 80 },
];

const NONE: Readonly<Record<DeadLetterState, string>> = {
  open: 'No dead letters: every event was taken.',
  waiting: 'No event waits for its turn.',
  redriven: 'No dead letter was redriven.',
};

export function deadLetterListText(list: DeadLetterList, state: DeadLetterState): string {
  const { reasons, deadLetters } = list;
  const total = { open: list.total, waiting: list.waiting, redriven: list.redriven }[state];
  if (total === 0) return [NONE[state], ...others(list, state)].join('\n');
  const byReason = Object.entries(reasons)
    .map(([reason, n]) => `${reason} ${count(n)}`)
    .join(', ');
  const head = {
    open: `${counted(total, 'dead letter')}: ${byReason}`,
    waiting: `${counted(total, 'event waits', 'events wait')} for a turn that is not there yet; no dead ${total === 1 ? 'letter' : 'letters'} so far`,
    redriven: `${counted(total, 'dead letter')} whose place an event took`,
  }[state];
  const more =
    total > deadLetters.length
      ? `\n\n${count(deadLetters.length)} of ${count(total)} shown; --limit shows more.`
      : '';
  return [[head, ...others(list, state)].join('\n'), table(deadLetters, columns) + more].join('\n\n');
}

/** What the list does not show, so that nobody takes it for gone. */
function others({ waiting, redriven }: DeadLetterList, state: DeadLetterState): readonly string[] {
  if (state !== 'open') return [];
  return [
    ...(waiting > 0
      ? [`${counted(waiting, 'event waits', 'events wait')} for a turn: --state waiting shows them.`]
      : []),
    ...(redriven > 0 ? [`${count(redriven)} redriven: --state redriven shows them.`] : []),
  ];
}

export function deadLetterText(letter: DeadLetterView): string {
  const { id, shortId, reason, detail, remedy, eventId, eventType, session, firstSeen, bytes } = letter;
  const { waitsUntil, redriven } = letter;
  return [
    `${shortId}  ${reason}${shortId === id ? '' : `\n${id}`}`,
    `what is wrong  ${detail}\nwhat to do     ${remedy}`,
    ...(waitsUntil === null
      ? []
      : [
          `It waits for its turn, and becomes a dead letter with the first event received at ${waitsUntil} or later.`,
        ]),
    ...redriven.map(({ event, at }) => `redriven ${at}: the event ${event} took its place`),
    `event ${eventId || '?'}  type ${eventType || '?'}  session ${session || '?'}  first seen ${firstSeen}` +
      (letter.count > 1 ? `  different texts of it refused ${count(letter.count)}` : ''),
    bytes,
  ].join('\n\n');
}

export function redriveText({ status, detail, remedy }: IngestResult): string {
  if (status === 'dead-lettered')
    return `It was refused again: ${detail ?? 'no reason given'}\n${remedy ?? ''}`;
  if (status === 'accepted') return 'Sent again and accepted.';
  return detail === undefined
    ? 'Sent again: the event was in the log already.'
    : `Nothing was sent: ${detail}.`;
}
