/** An error as ClickHouse's HTTP interface answers it. */
export interface ClickHouseRefusal {
  readonly code: number;
  readonly status: number;
  readonly text: string;
}

/** An exception of the server's own, not of its engine. */
export class HttpInterfaceError extends Error {
  override readonly name = 'HttpInterfaceError';

  constructor(code: number, what: string, type: string) {
    super(`Code: ${code}. DB::Exception: ${what} (${type})`);
  }
}

/** ClickHouse's table (src/Server/HTTP/exceptionCodeToHTTPStatus.cpp), for those that the tests can meet. */
const STATUSES: readonly (readonly [status: number, codes: readonly number[]])[] = [
  [401, [194]],
  [403, [192, 193, 516]],
  [400, [6, 26, 27, 36, 38, 41, 43, 53, 62, 72, 117, 167, 168, 457]],
  [404, [46, 47, 50, 56, 60, 73, 81, 115]],
  [413, [161]],
  [408, [159]],
  [501, [48]],
];

export function refusalOf(thrown: unknown, version: string): ClickHouseRefusal {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const exception = /Code: (?<code>\d+)\. DB::.*$/su.exec(message);
  const code = Number(exception?.groups?.['code'] ?? 1001);
  const said = exception?.[0] ?? `Code: ${code}. DB::Exception: ${message} (STD_EXCEPTION)`;
  return {
    code,
    status: STATUSES.find(([, codes]) => codes.includes(code))?.[0] ?? 500,
    text: `${said.trimEnd()} (version ${version})\n`,
  };
}
