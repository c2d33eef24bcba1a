import type { LogEntry } from '@heed/events';
import { keyOf } from './key-of.ts';

/** What is held back at most, beside the batch that comes in. */
export interface Gathering {
  readonly entries: number;
  readonly characters: number;
  /** A session with so many entries has waited long enough: it may be one that never ends. */
  readonly ofOneSession: number;
}

/**
 * The same entries in other company: those of a session that stand near each other in the log come in one batch, however many other sessions are
 * between them, and in their order. So most sessions are derived once, and not with every batch that has a turn of theirs. When it holds enough
 * it lets go of the half that was quiet for longest.
 */
export async function* gatherSessions(
  batches: AsyncIterable<readonly LogEntry[]>,
  most: Gathering,
): AsyncGenerator<readonly LogEntry[]> {
  const held = new HeldSessions();
  for await (const batch of batches) {
    for (const entry of batch) held.add(entry);
    if (held.entries >= most.entries || held.characters >= most.characters) yield held.letGo(most);
  }
  if (held.entries > 0) yield held.letGo({ entries: 0, characters: 0, ofOneSession: 0 });
}

class HeldSessions {
  /** The one that was quiet for longest first. */
  readonly #sessions = new Map<string, LogEntry[]>();
  entries = 0;
  characters = 0;

  add(entry: LogEntry): void {
    const key = keyOf(entry);
    const session = this.#sessions.get(key) ?? [];
    session.push(entry);
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    this.entries += 1;
    this.characters += entry.body.length;
  }

  letGo(most: Gathering): readonly LogEntry[] {
    const gone: LogEntry[] = [];
    for (const [key, session] of this.#sessions) {
      const isTooMuch = this.entries > most.entries / 2 || this.characters > most.characters / 2;
      if (!isTooMuch && session.length < most.ofOneSession) continue;
      this.#sessions.delete(key);
      this.entries -= session.length;
      for (const entry of session) {
        this.characters -= entry.body.length;
        gone.push(entry);
      }
    }
    return gone;
  }
}
