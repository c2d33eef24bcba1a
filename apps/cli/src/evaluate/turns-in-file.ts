import { parseEventValue } from '@heed/events';
import { Fault } from '@heed/kernel';
import { observeSession, type ObservedTurn, type Reading } from '@heed/rewards';
import { deriveSession, givenAnswers, ruleModels, withRuledDefects, type SessionEvent } from '@heed/sessions';
import { decompressed } from '../import/decompress.ts';
import { openInput } from '../import/open-input.ts';
import { jsonLines } from '../import/read/json-lines.ts';
import { isReadable, type Row } from '../import/read/row.ts';
import type { Shell } from '../shell.ts';

/** Read and derived, events of short texts take nine times as much. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * The turns that a file of CloudEvents, one a line, tells of: each event id once, sessions derived as a service derives them.
 * Throws Fault `events-not-read` at the first line that is no event, `file-too-large`, and `unreadable-file`.
 *
 * @param mostBytes of the file, unpacked: its events are held at once
 */
export async function turnsInFile(
  shell: Shell,
  name: string,
  reading: Reading,
  mostBytes = MOST_BYTES,
): Promise<readonly ObservedTurn[]> {
  const input = await openInput(shell, name);
  const sessions = new Map<string, SessionEvent[]>();
  const seen = new Set<string>();
  const receivedAtMs = Date.now();
  for await (const rows of jsonLines(upTo(mostBytes, decompressed(input.bytes()), name))) {
    for (const row of rows) {
      const event = eventIn(row, name, receivedAtMs);
      if (seen.has(event.id)) continue;
      seen.add(event.id);
      const own = sessions.get(event.session);
      const placed = { event, position: row.line };
      if (own === undefined) sessions.set(event.session, [placed]);
      else own.push(placed);
    }
  }
  return [...sessions.values()].flatMap((events) => {
    const { session, turns } = deriveSession(events, ruleModels);
    const ruled = reading === 'aftermath' ? withRuledDefects(turns) : turns;
    return observeSession(session, ruled, givenAnswers(events), reading);
  });
}

async function* upTo(most: number, pieces: AsyncIterable<Buffer>, file: string): AsyncGenerator<Buffer> {
  let read = 0;
  for await (const piece of pieces) {
    read += piece.length;
    if (read > most) throw tooLarge(file, most);
    yield piece;
  }
}

function tooLarge(file: string, most: number): Fault {
  return new Fault(
    'file-too-large',
    `${file} has more than ${most} bytes, unpacked: its events are held in memory to be judged.`,
    'Give a part of it with whole sessions, or import it and evaluate without --from.',
  );
}

function eventIn(row: Row, file: string, receivedAtMs: number): SessionEvent['event'] {
  if (!isReadable(row)) throw notRead(file, row.line, row.problem);
  const parsed = parseEventValue(row.value, row.text ?? '', { receivedAtMs });
  if (parsed.ok) return parsed.value;
  throw notRead(file, row.line, parsed.error.detail);
}

function notRead(file: string, line: number, why: string): Fault {
  return new Fault(
    'events-not-read',
    `${file}, line ${line}: ${why}`,
    'Give a file of CloudEvents, one JSON document a line, as `heed import` takes them; or import it and evaluate without --from.',
  );
}
