/** One event that waits, as the JSON text that travels. */
export interface OutboxEntry {
  readonly id: string;
  readonly body: string;
  /** Length of `body` in UTF-8. */
  readonly bytes: number;
}

/** An entry that is kept. `key`, a whole number above 0, names it until it is removed, and is larger than all before it. */
export interface KeptEntry extends OutboxEntry {
  readonly key: number;
}

export interface BatchBounds {
  readonly maxCount: number;
  /** A first entry that is larger alone is given all the same. */
  readonly maxBytes: number;
}

/** How much a storage holds; what comes on top is refused. */
export interface OutboxLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/**
 * Where events wait, in the order they came: first in, first out. More than one page may use the same storage at once. Methods
 * reject when the storage fails; then the entries of that call are not kept, and nothing was removed.
 */
export interface OutboxStorage {
  /** Whether other pages may use the same one. */
  readonly shared: boolean;
  /** Resolves when they are kept: for each, in order, its key, or null when there was no room. */
  add(entries: readonly OutboxEntry[]): Promise<readonly (number | null)[]>;
  /** The ones that came first. None when nothing waits. */
  oldest(bounds: BatchBounds): Promise<readonly KeptEntry[]>;
  /** Keys that are gone already are passed over: another page may have been faster. */
  remove(keys: readonly number[]): Promise<void>;
  /** How many of the entries end with this page or process. */
  ephemeral(): number;
}

/** As many of the first entries as the bounds allow, at least one. */
export function withinBounds<Entry extends OutboxEntry>(
  entries: Iterable<Entry>,
  { maxCount, maxBytes }: BatchBounds,
): readonly Entry[] {
  const first: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    bytes += entry.bytes;
    if (first.length === maxCount || (first.length > 0 && bytes > maxBytes)) break;
    first.push(entry);
  }
  return first;
}

/** The entries as the one JSON list that travels. */
export function listOf(entries: readonly OutboxEntry[]): string {
  return `[${entries.map(({ body }) => body).join(',')}]`;
}
