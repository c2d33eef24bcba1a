import { Fault } from '@heed/kernel';

/** ClickHouse's numbers for a disk that has no room left: NOT_ENOUGH_SPACE, and CANNOT_WRITE_TO_FILE_DESCRIPTOR by ENOSPC. */
const NO_ROOM = /NOT_ENOUGH_SPACE|No space left on device/u;

/** What ClickHouse says when its own files are not as it wrote them. */
const CORRUPTION =
  /\((?:CHECKSUM_DOESNT_MATCH|CORRUPTED_DATA|CANNOT_READ_ALL_DATA|ATTEMPT_TO_READ_AFTER_EOF|UNEXPECTED_END_OF_FILE|NO_FILE_IN_DATA_PART|UNEXPECTED_FILE_IN_DATA_PART|BAD_SIZE_OF_FILE_IN_DATA_PART|TOO_MANY_UNEXPECTED_DATA_PARTS|FILE_DOESNT_EXIST|CANNOT_DECOMPRESS|UNKNOWN_CODEC|UNKNOWN_FORMAT_VERSION|SIZES_OF_MARKS_FILES_ARE_INCONSISTENT)\)/u;

/** A fault after which `setAsideWarehouse` and a replay of the log bring everything back. */
export function brokenWarehouse(what: string, cause?: unknown): Fault {
  return new Fault(
    'warehouse-broken',
    `The warehouse is damaged or half-written: ${what}.`,
    'Nothing is lost: the log has every event. Start Heed again: it sets the damaged one aside and fills a new one from the log.',
    { cause },
  );
}

/** An engine's error as a fault that says what failed. The statement itself is left out: it may hold what users wrote. */
export function faultOf(thrown: unknown, doing: string): Fault {
  if (thrown instanceof Fault) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (NO_ROOM.test(message)) {
    return new Fault(
      'warehouse-full',
      `The warehouse has no room left on its disk (${doing}).`,
      'Make room on that disk; work goes on by itself.',
      {
        cause: thrown,
      },
    );
  }
  if (CORRUPTION.test(message)) return brokenWarehouse(`its files cannot be read (${doing})`, thrown);
  const reason = /\((?<name>[A-Z_]+)\)\s*$/u.exec(message)?.groups?.['name'];
  const what = `${/Code: \d+/u.exec(message)?.[0] ?? 'no code'}${reason === undefined ? '' : `, ${reason}`}`;
  return new Fault(
    'warehouse-failed',
    `The warehouse engine refused a statement (${doing}; ${what}).`,
    'Try again; if it stays, `heed replay` rebuilds the warehouse from the log.',
    { cause: thrown },
  );
}
