import { Fault } from '@heed/kernel';

const storageTypes = ['KAFKA_STORAGE_ERROR', 'LOG_DIR_NOT_FOUND'];
const sizeTypes = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'];
const topicTypes = ['UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION'];

/** What a failure of the client means to whoever called. */
export function kafkaFault(cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  const types = chainOf(cause).map(typeOf);
  const message = isTimeout(cause)
    ? 'the brokers did not answer in time'
    : (chainOf(cause).at(-1)?.message ?? String(cause));
  if (types.some((type) => storageTypes.includes(type))) {
    return new Fault(
      'log-full',
      `Kafka could not write to its disk: ${message}`,
      'Free some space on the brokers, or mend their disks, and send it again. Nothing that was accepted is lost.',
      { cause },
    );
  }
  if (types.some((type) => sizeTypes.includes(type))) {
    return new Fault(
      'batch-unstorable',
      `Kafka does not take a record of this size: ${message}`,
      'Raise max.message.bytes of the topic, or send smaller events.',
      { cause },
    );
  }
  if (types.some((type) => topicTypes.includes(type))) {
    return new Fault(
      'log-unavailable',
      `Kafka does not have the topic: ${message}`,
      "Make Heed's topics (heed doctor names the ones that are missing), and send it again.",
      { cause },
    );
  }
  return new Fault(
    'log-unavailable',
    `Kafka did not do it: ${message}`,
    'Send it again: what had been accepted after all does no harm when it comes twice. If it goes on, see whether the brokers run and can be reached.',
    { cause },
  );
}

/** Runs work of the client; what it rejects with becomes a Fault. */
export async function orFault<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw kafkaFault(cause);
  }
}

/** Kafka's name for the error where it is one of its protocol, else ''. */
export function typeOf(thrown: unknown): string {
  return thrown instanceof Error && 'type' in thrown && typeof thrown.type === 'string' ? thrown.type : '';
}

/** Kafka's names for what passes by itself: leaders and coordinators move, and topics and groups just made have none yet. */
const passing = [
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'COORDINATOR_NOT_AVAILABLE',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_LOAD_IN_PROGRESS',
];

export function isPassing(cause: unknown): boolean {
  return chainOf(cause).some((error) => passing.includes(typeOf(error)));
}

/** Where no broker gives an answer kafkajs takes nothing for one, and trips over it. */
export function foundNoBroker(cause: unknown): boolean {
  return cause instanceof TypeError;
}

/** What an `AbortSignal.timeout` aborts with. */
function isTimeout(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'TimeoutError';
}

/** The error, what caused it, and so on; bounded, for a chain may be a ring. */
function chainOf(thrown: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let next = thrown; next instanceof Error && chain.length < 10; next = next.cause) chain.push(next);
  return chain;
}
