import type { IngestResult } from '@heed/contract';
import {
  logEntryOf,
  redrivenEntry,
  type AppendOutcome,
  type EventLimits,
  type NewLogEntry,
  type ReadLogEntry,
} from '@heed/events';
import { Fault, type TenantId } from '@heed/kernel';
import { sha256Hex, type Caller, type Clock } from '@heed/platform';
import type { EventBody } from './events-in-request.ts';
import type { GroupCommit } from './group-commit.ts';

export interface IntakeLimits {
  readonly event: EventLimits;
  /** Events one request may bring. */
  readonly maxBatchEvents: number;
}

/** The same bytes without what may not enter the log; the very same when there is nothing of it. Never throws. */
export type Redact = (body: EventBody) => EventBody;

/** Whoever has a page's key, and that is everybody who sees the page, could have anybody forgotten. */
const NOT_FROM_BROWSERS = ['erasure'] as const;

const TRUSTED: Pick<Caller, 'role'> = { role: 'server' };

/** From bytes at the edge to durable entries of the log: parse each once, append together, tell each its fate. */
export class Intake {
  readonly #commit: GroupCommit;
  readonly #clock: Clock;
  readonly #limits: IntakeLimits;
  readonly #redact: Redact | undefined;

  constructor(commit: GroupCommit, clock: Clock, limits: IntakeLimits, redact?: Redact) {
    this.#commit = commit;
    this.#clock = clock;
    this.#limits = limits;
    this.#redact = redact;
  }

  /** Events that `accept` takes at once. */
  get maxBatchEvents(): number {
    return this.#limits.maxBatchEvents;
  }

  /** Resolves when all of it is durable; results in the order given. Throws Fault `batch-too-large`, `queue-full`, or the log's own. */
  async accept(
    tenant: TenantId,
    bodies: readonly EventBody[],
    { role }: Pick<Caller, 'role'> = TRUSTED,
  ): Promise<IngestResult[]> {
    const { maxBatchEvents, event } = this.#limits;
    if (bodies.length > maxBatchEvents) {
      throw new Fault(
        'batch-too-large',
        `The batch has ${String(bodies.length)} events; at most ${String(maxBatchEvents)} are taken at once.`,
        'Send it in parts; nothing of it was kept.',
      );
    }
    const receivedAtMs = this.#clock.nowMs();
    const entries: NewLogEntry[] = [];
    // Of what was parsed only so much is kept while the append waits: thousands of events in memory cost more than reading them.
    const expected: IngestResult[] = [];
    const options = {
      ...{ sha256: sha256Hex, limits: event },
      ...(role === 'browser' && { forbidden: NOT_FROM_BROWSERS }),
    };
    for (const given of bodies) {
      const body = this.#redact?.(given) ?? given;
      const { entry, parsed } = logEntryOf({ tenant, receivedAtMs, body }, options);
      entries.push(entry);
      expected.push(resultOnceAppended(parsed));
    }
    const outcomes = await this.#commit.append(entries);
    return expected.map((result, index) => resultAfter(result, outcomes[index]));
  }

  /**
   * Takes one event in the place of the dead letter of this id. Once the event is durable the log is told so, unless they are the same
   * entry of the log. Killed between the two, or said twice: the event is then a duplicate, and what the log is told is too.
   */
  async redrive(tenant: TenantId, letter: string, given: EventBody): Promise<IngestResult> {
    const body = this.#redact?.(given) ?? given;
    const receivedAtMs = this.#clock.nowMs();
    const { entry, parsed } = logEntryOf(
      { tenant, receivedAtMs, body },
      { sha256: sha256Hex, limits: this.#limits.event },
    );
    const [outcome] = await this.#commit.append([entry]);
    if (parsed.ok && outcome !== 'conflict' && letter !== parsed.value.id && letter !== entry.key) {
      const event = parsed.value;
      await this.#commit.append([
        redrivenEntry({ tenant, receivedAtMs, letter, event }, { sha256: sha256Hex }),
      ]);
    }
    return resultAfter(resultOnceAppended(parsed), outcome);
  }
}

function resultOnceAppended(parsed: ReadLogEntry['parsed']): IngestResult {
  if (parsed.ok) return { id: parsed.value.id, status: 'accepted' };
  const { reason, detail, remedy, eventId } = parsed.error;
  return { id: eventId ?? null, status: 'dead-lettered', reason, detail, remedy };
}

/** What the log had to say changes the fate of what would have been accepted; a dead letter stays one. */
function resultAfter(expected: IngestResult, outcome: AppendOutcome | undefined): IngestResult {
  if (expected.status !== 'accepted' || outcome === undefined || outcome === 'appended') return expected;
  const { id } = expected;
  if (outcome !== 'conflict') return { id, status: 'duplicate' };
  return {
    id,
    status: 'dead-lettered',
    reason: 'conflicting-duplicate',
    detail: 'an event of this id with other content was accepted before; that one stays',
    remedy: 'give every event an id of its own; send a changed event under a new id',
  };
}
