/** A request as it goes out, which may be none that a decent client would send. */
export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** Without Content-Length. */
  readonly chunked: boolean;
  /** Ids of events in it that nothing was done to: answered 202 all the same, each is accepted. */
  readonly untouched: readonly string[];
}

export function headerOf({ headers }: FuzzRequest, wanted: string): string | undefined {
  return headers.find(([name]) => name === wanted)?.[1];
}

export function withHeader(request: FuzzRequest, name: string, value: string): FuzzRequest {
  return { ...request, headers: [...request.headers.filter(([other]) => other !== name), [name, value]] };
}

export function withBody(request: FuzzRequest, body: Buffer): FuzzRequest {
  return { ...request, body, untouched: [] };
}
