import { Fault } from '@heed/kernel';

/** As much of a request as tells where it comes from and what it brings. */
export interface RequestHead {
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const LOCAL = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;
const EVENTS = /^\/v1\/events(?:[/?]|$)/;

/**
 * The service has no keys yet and trusts whoever reaches it on this machine. A web page reaches it as well, through the browser of
 * somebody who sits here: under a name that its owner lets point to 127.0.0.1, or by a request across origins, which a browser
 * sends unasked as long as its body is no `application/json`. Both are refused.
 *
 * @throws Fault `foreign-origin`, `unsupported-media-type`
 */
export function refuseForeign({ url, headers }: RequestHead): void {
  const { host, origin } = headers;
  if (typeof host !== 'string' || !LOCAL.test(host)) {
    throw new Fault(
      'foreign-origin',
      'The request does not name this machine as its host.',
      'Call Heed as http://127.0.0.1:PORT; it answers to no other name.',
    );
  }
  if (origin !== undefined && !isLocalOrigin(origin)) {
    throw new Fault(
      'foreign-origin',
      'The request comes from a web page of another machine.',
      'Send it from your server; only pages of this machine may call Heed from a browser.',
    );
  }
  refuseForeignBody(url, headers);
}

function isLocalOrigin(origin: string | string[]): boolean {
  const host = typeof origin === 'string' ? /^https?:\/\/(.*)$/i.exec(origin)?.[1] : undefined;
  return host !== undefined && LOCAL.test(host);
}

function refuseForeignBody(url: string, headers: RequestHead['headers']): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Fault(
      'unsupported-media-type',
      `Bodies encoded as ${String(encoding)} are not taken yet.`,
      'Send the body as it is, without Content-Encoding.',
    );
  }
  const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
  const type = String(headers['content-type'] ?? '');
  // Events come in more types, which their own route knows.
  if (!hasBody || EVENTS.test(url) || /^application\/json\s*(?:;|$)/i.test(type)) return;
  throw new Fault(
    'unsupported-media-type',
    `A body of type ${type === '' ? '(none)' : type} is not taken here.`,
    'Send JSON with Content-Type: application/json.',
  );
}
