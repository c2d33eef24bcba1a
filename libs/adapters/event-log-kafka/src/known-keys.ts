import { hash } from 'node:crypto';
import type { NewLogEntry } from '@heed/events';
import { toRecordText } from './record-text.ts';

/** Where the log keeps a record. */
export interface Place {
  readonly partition: number;
  readonly offset: number;
}

/** The first event under a key. */
export interface KnownKey {
  /** Of the body's very bytes. */
  readonly digest: string;
  /** While it is on its way. */
  body: string | undefined;
  /** Resolves when it is durable, rejects when that is unknown; undefined once it is. */
  flight: Promise<unknown> | undefined;
  place: Place | undefined;
}

/** A key that is longer stands as its digest, so that a known key takes so much memory and no more. */
const longest = 96;

/** Two entries of one identity are the same event. */
export function identityOf({ tenant, key }: Pick<NewLogEntry, 'tenant' | 'key'>): string {
  const identity = `${tenant}\0${key}`;
  // In UTF-16, where half a surrogate pair is something of its own. No tenant begins with a NUL.
  return identity.length <= longest ? identity : `\0${sha256(Buffer.from(identity, 'utf16le'))}`;
}

export function digestOf(body: string): string {
  const { text, escaped } = toRecordText(body);
  return sha256(escaped ? `\0${text}` : text);
}

/** One byte a character. */
function sha256(data: string | Buffer): string {
  return hash('sha256', data, 'binary');
}

/** The newest so many keys: those not heard of for longest are forgotten first. */
export class KnownKeys {
  readonly #most: number;
  readonly #keys = new Map<string, KnownKey>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Whoever asks has heard of it again. */
  find(identity: string): KnownKey | undefined {
    const known = this.#keys.get(identity);
    if (known !== undefined) {
      this.#keys.delete(identity);
      this.#keys.set(identity, known);
    }
    return known;
  }

  add(identity: string, known: KnownKey): void {
    this.#keys.set(identity, known);
    if (this.#keys.size <= this.#most) return;
    const [oldest] = this.#keys.keys();
    if (oldest !== undefined) this.#keys.delete(oldest);
  }

  /** Forgets this one, not another that has taken its place. */
  forget(identity: string, known: KnownKey): void {
    if (this.#keys.get(identity) === known) this.#keys.delete(identity);
  }
}
