import type { Producer } from 'kafkajs';

interface Lane {
  tail: Promise<unknown>;
  waiting: number;
  producer: Promise<Producer> | undefined;
}

/**
 * Two producers that each do one thing at a time: while the brokers make the one's batch durable, the other's is made ready and sent.
 *
 * A producer that failed is never used again. Whether its last batch arrived is unknown, and kafkajs would give its sequence numbers
 * to the next one: had it arrived after all, the brokers would take the next for its repetition, acknowledge it and keep nothing of it.
 */
export class ProducerLanes {
  readonly #newProducer: () => Producer;
  readonly #lanes: readonly Lane[];
  #closed = false;

  constructor(newProducer: () => Producer, lanes = 2) {
    this.#newProducer = newProducer;
    this.#lanes = Array.from({ length: lanes }, () => ({
      tail: Promise.resolve(),
      waiting: 0,
      producer: undefined,
    }));
  }

  /** Does the work with a producer that has nothing else to do meanwhile, as soon as there is one. */
  run<T>(work: (producer: Producer) => Promise<T>): Promise<T> {
    const lane = this.#lanes.reduce((least, other) => (other.waiting < least.waiting ? other : least));
    lane.waiting += 1;
    const done = lane.tail.then(() => this.#runOn(lane, work));
    lane.tail = done.catch(() => undefined);
    return done;
  }

  /** Resolves when all work is done. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#lanes.map(({ tail }) => tail));
    await Promise.all(this.#lanes.map((lane) => discard(lane)));
  }

  async #runOn<T>(lane: Lane, work: (producer: Producer) => Promise<T>): Promise<T> {
    try {
      if (this.#closed) throw new Error('this log is closed');
      lane.producer ??= this.#connect();
      return await work(await lane.producer);
    } catch (thrown) {
      void discard(lane);
      throw thrown;
    } finally {
      lane.waiting -= 1;
    }
  }

  async #connect(): Promise<Producer> {
    const producer = this.#newProducer();
    await producer.connect();
    return producer;
  }
}

async function discard(lane: Lane): Promise<void> {
  const { producer } = lane;
  lane.producer = undefined;
  await producer?.then((one) => one.disconnect()).catch(() => undefined);
}
