import { Fault } from '@heed/kernel';

/** ClickHouse's numbers for a disk that has no room left: NOT_ENOUGH_SPACE, and CANNOT_WRITE_TO_FILE_DESCRIPTOR by ENOSPC. */
const NO_ROOM = /NOT_ENOUGH_SPACE|No space left on device/u;

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
  const reason = /\((?<name>[A-Z_]+)\)\s*$/u.exec(message)?.groups?.['name'];
  const what = `${/Code: \d+/u.exec(message)?.[0] ?? 'no code'}${reason === undefined ? '' : `, ${reason}`}`;
  return new Fault(
    'warehouse-failed',
    `The warehouse engine refused a statement (${doing}; ${what}).`,
    'Try again; if it stays, `heed replay` rebuilds the warehouse from the log.',
    { cause: thrown },
  );
}
