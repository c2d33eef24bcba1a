import type { SimulatedEvent } from './simulate-sessions.ts';

export const LOG_COLUMNS = ['session', 'user', 'time', 'request', 'response', 'success'] as const;

/** One turn of a session as an application's own log might hold it: a row, with the outcome beside the turn it settles. */
export function logRows(session: readonly SimulatedEvent[]): readonly (readonly string[])[] {
  const success = new Map<string | undefined, string>();
  for (const event of session)
    if (event.type === 'heed.outcome.v1') success.set(event.data.turn, String(event.data.value));
  return session.flatMap((event) => {
    if (event.type !== 'heed.turn.v1') return [];
    const { turn, user = '', request, response } = event.data;
    return [[event.subject, user, event.time, request.text, response?.text ?? '', success.get(turn) ?? '']];
  });
}

/** Quoted where it must be (RFC 4180). */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
}
