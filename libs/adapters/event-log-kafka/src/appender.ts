import { hash } from 'node:crypto';
import { sameContent, type AppendOutcome, type NewLogEntry, type OpenBodies } from '@heed/events';
import { Fault, unlessAborted } from '@heed/kernel';
import { recordOf } from './event-record.ts';
import { kafkaFault, orFault } from './kafka-fault.ts';
import { digestOf, identityOf, type KnownKey, type KnownKeys, type Place } from './known-keys.ts';

export interface AppenderParts {
  readonly keys: KnownKeys;
  /** Brings the keys up to what the log holds. */
  readonly learn: () => Promise<void>;
  /** The body kept at a place; undefined when the log has it no more. */
  readonly bodyAt: (place: Place) => Promise<string | undefined>;
  /** What the log holds, as it was before it was sealed. */
  readonly opened: OpenBodies;
  /** Makes the entries durable, all of them and in time, and says where each is. */
  readonly write: (
    entries: readonly NewLogEntry[],
    records: readonly ReturnType<typeof recordOf>[],
    overdue: AbortSignal,
  ) => Promise<readonly (Place | undefined)[]>;
}

interface Newcomer {
  readonly entry: NewLogEntry;
  readonly identity: string;
  readonly digest: string;
}

interface Verdict {
  readonly outcomes: readonly AppendOutcome[];
  readonly toWrite: readonly (Newcomer & { readonly known: KnownKey })[];
  /** What the outcomes lean on, that may not be durable yet. */
  readonly leanOn: readonly KnownKey[];
}

/** By the first event and the digest of another under its key: whether they say the same. */
type Compared = Map<KnownKey, Map<string, boolean>>;

/** Judges each batch by the keys it knows, and writes what is new. */
export class Appender {
  readonly #parts: AppenderParts;
  #learnt: Promise<void> | undefined;
  /** What is learnt for longer than an append may take. */
  #overdue: Promise<void> | undefined;

  constructor(parts: AppenderParts) {
    this.#parts = parts;
  }

  /**
   * Rejects soon after `overdue` where nothing of the batch was handed to a producer, and holds nothing of it then; what was comes to its own end. While
   * what one append was not told in time is still being learnt, the others are refused at once.
   */
  async append(batch: readonly NewLogEntry[], overdue: AbortSignal): Promise<readonly AppendOutcome[]> {
    await this.#learn(overdue);
    const newcomers = batch.map(newcomerOf);
    const compared: Compared = new Map();
    for (;;) {
      const unread = this.#unreadFirsts(newcomers, compared);
      if (unread.size === 0) break;
      await this.#compare(unread, compared, overdue);
    }
    // Since the look at what is unread nothing was waited for, nor is until the write: appends judge one after the other.
    const { outcomes, toWrite, leanOn } = this.#judge(newcomers, compared);
    const flights = new Set(leanOn.flatMap(({ flight }) => flight ?? []));
    if (toWrite.length > 0) flights.add(this.#write(toWrite, overdue));
    await orFault(Promise.all(flights));
    return outcomes;
  }

  async #learn(overdue: AbortSignal): Promise<void> {
    const learning = (this.#learnt ??= this.#beginLearning());
    if (this.#overdue === learning) throw notAnswering();
    try {
      await unlessAborted(overdue, learning);
    } catch (cause) {
      if (cause === overdue.reason) this.#overdue = learning;
      throw kafkaFault(cause);
    }
  }

  /** Where it fails, whoever comes next learns anew. */
  #beginLearning(): Promise<void> {
    const learning = this.#parts.learn();
    learning.then(
      () => {
        this.#overdue = undefined;
      },
      () => {
        if (this.#learnt === learning) this.#learnt = undefined;
      },
    );
    return learning;
  }

  /** Bodies that differ from the first under their key may still say the same. Where it is durable it is not in memory any more. */
  #unreadFirsts(
    newcomers: readonly Newcomer[],
    compared: Compared,
  ): ReadonlyMap<KnownKey, readonly Newcomer[]> {
    const unread = new Map<KnownKey, Newcomer[]>();
    for (const newcomer of newcomers) {
      const first = this.#parts.keys.find(newcomer.identity);
      if (first === undefined || first.digest === newcomer.digest || first.body !== undefined) continue;
      if (compared.get(first)?.has(newcomer.digest) === true) continue;
      const others = unread.get(first);
      if (others === undefined) unread.set(first, [newcomer]);
      else others.push(newcomer);
    }
    return unread;
  }

  /** One after the other: a batch of small repeats of large events must not bring them all into memory. */
  async #compare(
    unread: ReadonlyMap<KnownKey, readonly Newcomer[]>,
    compared: Compared,
    overdue: AbortSignal,
  ): Promise<void> {
    const { keys, bodyAt, opened } = this.#parts;
    for (const [first, newcomers] of unread) {
      const [newcomer] = newcomers;
      const body = first.place && (await orFault(unlessAborted(overdue, bodyAt(first.place))));
      const [said] =
        body === undefined || newcomer === undefined
          ? []
          : await unlessAborted(overdue, opened([{ tenant: newcomer.entry.tenant, body }]));
      const same = compared.get(first) ?? new Map<string, boolean>();
      for (const { identity, digest, entry } of newcomers) {
        if (body === undefined) keys.forget(identity, first);
        // What was erased stays erased, whatever comes under its key.
        else same.set(digest, said === undefined || sameContent(said, saidBy(entry)));
      }
      compared.set(first, same);
    }
  }

  #judge(newcomers: readonly Newcomer[], compared: Compared): Verdict {
    const { keys } = this.#parts;
    const outcomes: AppendOutcome[] = [];
    const toWrite: (Newcomer & { readonly known: KnownKey })[] = [];
    const leanOn: KnownKey[] = [];
    const begin = (newcomer: Newcomer): void => {
      const { identity, digest, entry } = newcomer;
      const known: KnownKey = { digest, body: saidBy(entry), flight: undefined, place: undefined };
      keys.add(identity, known);
      toWrite.push({ ...newcomer, known });
    };
    const judge = (newcomer: Newcomer): AppendOutcome => {
      const first = keys.find(newcomer.identity);
      if (first === undefined) {
        begin(newcomer);
        return 'appended';
      }
      leanOn.push(first);
      if (isSame(first, newcomer, compared)) return 'duplicate';
      const conflict = newcomerOf(conflictingDuplicate(newcomer.entry));
      const kept = keys.find(conflict.identity);
      if (kept === undefined) begin(conflict);
      else leanOn.push(kept);
      return 'conflict';
    };
    for (const newcomer of newcomers) outcomes.push(judge(newcomer));
    return { outcomes, toWrite, leanOn };
  }

  async #write(toWrite: Verdict['toWrite'], overdue: AbortSignal): Promise<void> {
    const { keys, write } = this.#parts;
    const entries = toWrite.map(({ entry }) => entry);
    const writing = write(entries, entries.map(recordOf), overdue);
    for (const { known } of toWrite) known.flight = writing;
    try {
      const places = await writing;
      toWrite.forEach(({ known }, index) => {
        known.place = places[index];
        known.flight = undefined;
        known.body = undefined;
      });
    } catch (cause) {
      // Part of it may be in the log: what is there is learnt before anything is judged again.
      for (const { identity, known } of toWrite) keys.forget(identity, known);
      this.#learnt = undefined;
      throw kafkaFault(cause);
    }
  }
}

function isSame(first: KnownKey, { digest, entry }: Newcomer, compared: Compared): boolean {
  if (first.digest === digest) return true;
  if (first.body !== undefined) return sameContent(first.body, saidBy(entry));
  return compared.get(first)?.get(digest) ?? false;
}

function saidBy({ body, plain }: NewLogEntry): string {
  return plain ?? body;
}

function newcomerOf(entry: NewLogEntry): Newcomer {
  return { entry, identity: identityOf(entry), digest: digestOf(entry.body) };
}

function conflictingDuplicate(entry: NewLogEntry): NewLogEntry {
  return {
    ...entry,
    key: `!conflicting-duplicate:${hash('sha256', entry.body)}`,
    deadLetter: 'conflicting-duplicate',
  };
}

function notAnswering(): Fault {
  return new Fault(
    'log-unavailable',
    'The brokers have not yet told what the log holds, and events that came before wait for that.',
    'Send it again in a while. If it goes on, see whether the brokers run and can be reached.',
  );
}
