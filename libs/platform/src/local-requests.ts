import { Fault } from '@heed/kernel';

/** As much of a request as tells where it comes from and what it brings. */
export interface RequestHead {
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The server that was reached. One that asks for keys says so (see `guardEdge`). */
  readonly server?: { readonly needsKey?: () => boolean };
}

const LOCAL = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;
const OTHER_TYPES = /^\/v1\/(?:events|traces)(?:[/?]|$)/;

/**
 * A service without keys trusts whoever reaches it on this machine. A web page reaches it as well, through the browser of
 * somebody who sits here: under a name that its owner lets point to 127.0.0.1, or by a request across origins, which a browser
 * sends unasked as long as its body is no `application/json`. Both are refused. Once a key is asked for, a page has nothing that a
 * browser would send along unasked, and the key's origins say which pages may use it.
 *
 * @throws Fault `foreign-origin`, `unsupported-media-type`
 */
export function refuseForeign({ url, headers, server }: RequestHead): void {
  if (server?.needsKey?.() !== true) refuseForeignOrigin(headers);
  refuseForeignBody(url, headers);
}

function refuseForeignOrigin({ host, origin }: RequestHead['headers']): void {
  if (typeof host !== 'string' || !LOCAL.test(host)) {
    throw new Fault(
      'foreign-origin',
      'The request does not name this machine as its host.',
      'Call Heed as http://127.0.0.1:PORT; it answers to no other name until it has a key (`heed keys create`).',
    );
  }
  if (origin !== undefined && !isLocalOrigin(origin)) {
    throw new Fault(
      'foreign-origin',
      'The request comes from a web page of another machine.',
      'Send it from your server, or make a browser key that names the page (`heed keys create browser --origin URL`); until there are keys only pages of this machine may call Heed.',
    );
  }
}

function isLocalOrigin(origin: string | string[]): boolean {
  const host = typeof origin === 'string' ? /^https?:\/\/(.*)$/i.exec(origin)?.[1] : undefined;
  return host !== undefined && LOCAL.test(host);
}

function refuseForeignBody(url: string, headers: RequestHead['headers']): void {
  const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
  const type = String(headers['content-type'] ?? '');
  // Events and traces come in more types, which their own routes know.
  if (!hasBody || OTHER_TYPES.test(url) || /^application\/json\s*(?:;|$)/i.test(type)) return;
  throw new Fault(
    'unsupported-media-type',
    `A body of type ${type === '' ? '(none)' : type} is not taken here.`,
    'Send JSON with Content-Type: application/json.',
  );
}
