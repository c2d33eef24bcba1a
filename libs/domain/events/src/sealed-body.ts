import { isObject } from './envelope.ts';
import { readJson } from './read-json.ts';

/** A text that only whoever has the key can read. */
export interface Sealed {
  /** The key's id. */
  readonly key: string;
  /** Base64 of what the key's holder put there. */
  readonly data: string;
}

const SEALED = /^\{"heed\.sealed":\{"key":"([\w-]{16})","data":"([A-Za-z0-9+/=]+)"\}\}$/u;
const SEALED_BEGINS = '{"heed.sealed":';
const PLAIN_BEGINS = '{"heed.plain":';

/** How a sealed text stands in the log. */
export function sealedBody({ key, data }: Sealed): string {
  return `${SEALED_BEGINS}{"key":"${key}","data":"${data}"}}`;
}

/** What a text of the log is sealed with; undefined when it is not. */
export function sealedIn(body: string): Sealed | undefined {
  if (!body.startsWith(SEALED_BEGINS)) return undefined;
  const [, key, data] = SEALED.exec(body) ?? [];
  return key === undefined || data === undefined ? undefined : { key, data };
}

/** How a text that is not sealed stands in the log: itself, unless it was sent looking like one of Heed's own forms. */
export function plainBody(text: string): string {
  const looksOwn = text.startsWith(SEALED_BEGINS) || text.startsWith(PLAIN_BEGINS);
  return looksOwn ? `${PLAIN_BEGINS}${JSON.stringify(text)}}` : text;
}

/** The inverse of `plainBody`. */
export function textOfPlain(body: string): string {
  if (!body.startsWith(PLAIN_BEGINS)) return body;
  const read = readJson(body);
  const text = read.ok && isObject(read.value) ? read.value['heed.plain'] : undefined;
  return typeof text === 'string' ? text : body;
}
