import {
  dataSubjectOf,
  sealedIn,
  textOfPlain,
  type DataSubject,
  type LogEntry,
  type OpenBodies,
  type Sealed,
} from '@heed/events';
import type { KeptKey, KeyVault } from './key-vault.ts';
import { sealOfUnsealed, subjectHash } from './subject-hash.ts';
import { open } from './subject-key.ts';

/** Opened in one go; others of the process have their turn between two. */
const AT_ONCE = 1000;

interface Looked {
  readonly entry: LogEntry;
  readonly sealed: Sealed | undefined;
  /** Whose an entry is that came into the log without a seal: before there were any, or straight into Kafka. */
  readonly subject: DataSubject | undefined;
}

/**
 * The entries as they were before they were sealed, with what they were sealed by. What is forgotten has no body, whether its key was destroyed or it
 * never had one. Two questions to the vault at most. Never throws for what an entry holds.
 */
export async function openEntries(
  entries: readonly LogEntry[],
  vault: KeyVault,
): Promise<readonly LogEntry[]> {
  const looked = entries.map(look);
  const ids = new Set(looked.flatMap(({ sealed }) => sealed?.key ?? []));
  const unsealed = looked.flatMap(({ subject }) => subject ?? []);
  const keys = ids.size === 0 ? NO_KEYS : await vault.lookUp([...ids]);
  const forgotten = unsealed.length === 0 ? [] : await vault.forgottenUpTo(unsealed);
  const upToMs = new Map(unsealed.map((subject, index) => [subject, forgotten[index]]));
  const opened: LogEntry[] = [];
  for (const { entry, sealed, subject } of looked) {
    if (opened.length % AT_ONCE === AT_ONCE - 1) await new Promise(setImmediate);
    if (sealed !== undefined) opened.push(openEntry(entry, sealed, keys.get(sealed.key)));
    else if (subject !== undefined) opened.push(unsealedEntry(entry, subject, upToMs.get(subject)));
    else opened.push(entry);
  }
  return opened;
}

/** By this a log beneath a `sealedLog` compares what it holds with what comes. */
export function openBodies(vault: KeyVault): OpenBodies {
  return async (stored) => {
    const sealed = stored.map(({ body }) => sealedIn(body));
    const ids = new Set(sealed.flatMap((one) => one?.key ?? []));
    const keys = ids.size === 0 ? NO_KEYS : await vault.lookUp([...ids]);
    return stored.map(({ body }, index) => {
      const own = sealed[index];
      if (own === undefined) return textOfPlain(body);
      const kept = keys.get(own.key);
      if (kept === undefined) return body;
      return kept.key === null ? undefined : (open(kept.key, own) ?? body);
    });
  };
}

const NO_KEYS: ReadonlyMap<string, KeptKey> = new Map();

function look(entry: LogEntry): Looked {
  const sealed = sealedIn(entry.body);
  if (sealed !== undefined) return { entry, sealed, subject: undefined };
  const body = textOfPlain(entry.body);
  const plain = body === entry.body ? entry : { ...entry, body };
  return { entry: plain, sealed, subject: dataSubjectOf(plain) };
}

function openEntry(entry: LogEntry, sealed: Sealed, kept: KeptKey | undefined): LogEntry {
  const sealedBy = sealed.key;
  if (kept === undefined || kept.tenant !== entry.tenant) return { ...entry, sealedBy, unread: 'unknown' };
  if (kept.key === null || isForgotten(entry, kept.forgottenUpToMs)) return erased(entry, sealedBy);
  const body = open(kept.key, sealed);
  return body === undefined ? { ...entry, sealedBy, unread: 'unknown' } : { ...entry, sealedBy, body };
}

function unsealedEntry(entry: LogEntry, subject: DataSubject, upToMs: number | undefined): LogEntry {
  const sealedBy = sealOfUnsealed(subjectHash(subject));
  return isForgotten(entry, upToMs) ? erased(entry, sealedBy) : { ...entry, sealedBy };
}

function isForgotten({ receivedAtMs }: LogEntry, upToMs: number | undefined): boolean {
  return upToMs !== undefined && receivedAtMs <= upToMs;
}

function erased(entry: LogEntry, sealedBy: string): LogEntry {
  return { ...entry, body: '', sealedBy, unread: 'erased' };
}
