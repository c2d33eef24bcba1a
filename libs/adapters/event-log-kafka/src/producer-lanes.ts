import { unlessAborted } from '@heed/kernel';
import type { Producer } from 'kafkajs';

interface Lane {
  tail: Promise<unknown>;
  waiting: number;
  /** How often work was given up because it took too long. */
  givenUp: number;
  producer: Promise<Producer> | undefined;
  /** Aborted when that producer is given up in the middle of its work. */
  leaving: AbortController;
}

/**
 * Two producers that each do one thing at a time: while the brokers make the one's batch durable, the other's is made ready and sent.
 *
 * A producer that failed is never used again. Whether its last batch arrived is unknown, and kafkajs would give its sequence numbers
 * to the next one: had it arrived after all, the brokers would take the next for its repetition, acknowledge it and keep nothing of it.
 */
export class ProducerLanes {
  readonly #newProducer: (givenUp: AbortSignal) => Producer;
  readonly #withinMs: number;
  readonly #lanes: readonly Lane[];
  #closed = false;

  /** @param newProducer makes one that sends nothing any more, also of what it has begun, when it is given up */
  constructor(newProducer: (givenUp: AbortSignal) => Producer, withinMs: number, lanes = 2) {
    this.#newProducer = newProducer;
    this.#withinMs = withinMs;
    this.#lanes = Array.from({ length: lanes }, () => ({
      tail: Promise.resolve(),
      waiting: 0,
      givenUp: 0,
      producer: undefined,
      leaving: new AbortController(),
    }));
  }

  /**
   * Does the work with a producer that has nothing else to do meanwhile, as soon as there is one. Work that this producer has not done in its time is
   * given up with it, and so is what waits behind it, which is then never begun. What became of the first is unknown.
   *
   * @param overdue once it is aborted the work is not begun any more; what was spent before it began is no fault of the producer
   */
  run<T>(
    work: (producer: Producer) => Promise<T>,
    overdue: AbortSignal = AbortSignal.timeout(this.#withinMs),
  ): Promise<T> {
    const lane = this.#lanes.reduce((least, other) => (other.waiting < least.waiting ? other : least));
    lane.waiting += 1;
    const { givenUp } = lane;
    const done = lane.tail
      .then(() => {
        if (lane.givenUp !== givenUp || overdue.aborted) throw tooLate();
        return this.#runOn(lane, work, overdue);
      })
      .finally(() => {
        lane.waiting -= 1;
      });
    lane.tail = done.catch(() => undefined);
    return done;
  }

  /** Resolves when all work is done. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#lanes.map(({ tail }) => tail));
    await Promise.all(this.#lanes.map((lane) => discard(lane)));
  }

  async #runOn<T>(lane: Lane, work: (producer: Producer) => Promise<T>, overdue: AbortSignal): Promise<T> {
    const time = AbortSignal.timeout(this.#withinMs);
    try {
      if (this.#closed) throw new Error('this log is closed');
      lane.producer ??= this.#connect(lane.leaving.signal);
      const producer = await unlessAborted(time, lane.producer);
      if (!overdue.aborted) return await unlessAborted(time, workWith(producer, work));
    } catch (thrown) {
      if (time.aborted) lane.givenUp += 1;
      void discard(lane);
      throw thrown;
    }
    throw tooLate();
  }

  async #connect(givenUp: AbortSignal): Promise<Producer> {
    const producer = this.#newProducer(givenUp);
    await producer.connect();
    return producer;
  }
}

async function workWith<T>(producer: Producer, work: (producer: Producer) => Promise<T>): Promise<T> {
  try {
    return await work(producer);
  } catch (thrown) {
    // Given up, it tries again and connects for that, until it finds that it was.
    void producer.disconnect().catch(() => undefined);
    throw thrown;
  }
}

async function discard(lane: Lane): Promise<void> {
  const { producer } = lane;
  lane.producer = undefined;
  lane.leaving.abort();
  lane.leaving = new AbortController();
  await producer?.then((one) => one.disconnect()).catch(() => undefined);
}

function tooLate(): Error {
  return new Error('the brokers did not answer in time');
}
