import { ClickHouseError } from '@clickhouse/client';
import { Fault } from '@heed/kernel';
import { ZodError } from 'zod';

/** ClickHouse's numbers, as it sends them. */
const NOT_ENOUGH_SPACE = '243';
/** UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, AUTHENTICATION_FAILED */
const STRANGER = ['192', '193', '194', '516'];
/** READONLY, ACCESS_DENIED */
const FORBIDDEN = ['164', '497'];

/** Nothing of a request was sent: whatever it was, it can be sent again. */
export function isUnsent(thrown: unknown): boolean {
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(codeOf(thrown));
}

/** The connection was lost on the way. The server may have done what it was asked, or may be doing it still. */
export function isCutOff(thrown: unknown): boolean {
  return isUnsent(thrown) || ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(codeOf(thrown));
}

/**
 * What went wrong as a fault that says what to do. Neither the statement nor the password is in it: a statement may hold what
 * users wrote.
 *
 * @param doing e.g. `writing to sessions`
 * @param where the server's address, without secrets
 */
export function faultOf(thrown: unknown, doing: string, where: string): Fault | ZodError {
  if (thrown instanceof Fault || thrown instanceof ZodError) return thrown;
  if (thrown instanceof ClickHouseError) return refusal(thrown, doing, where);
  return unavailable(where, doing, reasonOf(thrown), thrown);
}

/** Something answers at the address, and it is no ClickHouse. */
export function strangeAnswer(where: string, doing: string, cause?: unknown): Fault {
  return unavailable(where, doing, 'what answers there is no ClickHouse', cause);
}

function unavailable(where: string, doing: string, reason: string, cause: unknown): Fault {
  return new Fault(
    'warehouse-unavailable',
    `The ClickHouse server at ${where} could not be asked (${doing}; ${reason}).`,
    'See that it runs and that HEED_CLICKHOUSE_URL is the address of its HTTP interface (usually port 8123, 8443 with https). ' +
      'The log keeps every event meanwhile; work goes on by itself.',
    { cause },
  );
}

function refusal(error: ClickHouseError, doing: string, where: string): Fault {
  const { code, type, message } = error;
  const options = { cause: error };
  if (code === NOT_ENOUGH_SPACE || /No space left on device/u.test(message)) {
    return new Fault(
      'warehouse-full',
      `The ClickHouse server at ${where} has no room left on its disk (${doing}).`,
      'Make room on that disk; work goes on by itself.',
      options,
    );
  }
  if (STRANGER.includes(code)) {
    return new Fault(
      'warehouse-denied',
      `The ClickHouse server at ${where} does not let Heed in: it does not know this user and password.`,
      'Set HEED_CLICKHOUSE_USER and HEED_CLICKHOUSE_PASSWORD to a user of that server.',
      options,
    );
  }
  if (FORBIDDEN.includes(code)) {
    return new Fault(
      'warehouse-denied',
      `The ClickHouse server at ${where} does not let Heed's user do what it must (${doing}).`,
      'Grant that user what docs/warehouse.md lists.',
      options,
    );
  }
  return new Fault(
    'warehouse-failed',
    `The ClickHouse server at ${where} refused a statement (${doing}; code ${code}, ${type ?? 'unnamed'}).`,
    'Look that code up in its log; what was to be written is tried again. If it stays, `heed replay` rebuilds the warehouse from the log.',
    options,
  );
}

/** In words of ours alone: what a stranger answered is in the cause. */
function reasonOf(thrown: unknown): string {
  const code = codeOf(thrown);
  if (code !== '') return code;
  if (thrown instanceof Error && thrown.message === 'Timeout error.') return 'it said nothing for too long';
  return 'what answers there is no ClickHouse';
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}
