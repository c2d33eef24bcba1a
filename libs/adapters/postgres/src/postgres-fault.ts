import { statfs } from 'node:fs/promises';
import { Fault } from '@heed/kernel';

/** Two segments of the write-ahead log: with less room than this PostgreSQL cannot commit. */
const leastRoomBytes = 32 * 1024 * 1024;
const diskFull = '53100';

/**
 * What a failed statement means to whoever called: `log-full` when there is no room on the disk, `batch-unstorable` when it never
 * reached the database because it is beyond what one process can hold, else `log-unavailable`.
 * A server that ran out of room may be gone before it can say so; then the room left in `folder` tells.
 */
export async function postgresFault(cause: unknown, folder: string | undefined): Promise<Fault> {
  if (cause instanceof Fault) return cause;
  if (cause instanceof RangeError) return unstorable(cause);
  const code = codeOf(cause);
  if (code === diskFull || code === 'ENOSPC' || (isConnectionLoss(code) && (await isFull(folder)))) {
    return new Fault(
      'log-full',
      'The disk with the data folder is full: nothing more can be accepted.',
      'Free some space and send it again. Nothing that was accepted is lost.',
      { cause },
    );
  }
  return new Fault(
    'log-unavailable',
    `The database did not do it: ${cause instanceof Error ? cause.message : String(cause)}`,
    `Send it again: whatever had been accepted after all is recognised. If it goes on, see ${folder === undefined ? "the database server's log" : 'postgres.log in the data folder'}.`,
    { cause },
  );
}

function unstorable(cause: RangeError): Fault {
  return new Fault(
    'batch-unstorable',
    `This is too large, or nested too deep, to be handled as one: ${cause.message}.`,
    'Send it in smaller parts; nothing of it was kept.',
    { cause },
  );
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}

/** Lost without a word (no SQLSTATE), or the server is crashing, recovering or going down. */
function isConnectionLoss(code: string): boolean {
  return !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('57P') || code.startsWith('08');
}

async function isFull(folder: string | undefined): Promise<boolean> {
  if (folder === undefined) return false;
  const room = await statfs(folder).catch(() => undefined);
  return room !== undefined && room.bavail * room.bsize < leastRoomBytes;
}
