import type { NewLogEntry } from '@heed/events';
import kafkajs, { Partitioners, type ICustomPartitioner, type Message, type Producer } from 'kafkajs';
import { recordOf } from './event-record.ts';
import type { TopicNames } from './kafka-settings.ts';
import type { Place } from './known-keys.ts';
import type { ProducerLanes } from './producer-lanes.ts';

/** Bytes of the bodies of one request; an entry that is larger goes alone. */
const requestBytes = 8 * 1024 * 1024;

type Written = Place | undefined;

/**
 * Makes the entries durable, those of a session in their order, and says where each is. Dead letters go to the topic of dead letters as well.
 * When it rejects, any part of them may be in the log.
 */
export function writeEntries(
  lanes: ProducerLanes,
  names: TopicNames,
  entries: readonly NewLogEntry[],
  records: readonly Message[],
  overdue: AbortSignal,
): Promise<readonly Written[]> {
  return lanes.run(async (producer) => {
    const places: Written[] = [];
    for (const { from, to } of inRequests(entries)) {
      const messages = records.slice(from, to);
      const deadLetters = messages.filter((_, index) => entries[from + index]?.deadLetter !== undefined);
      places.push(...(await send(producer, names, messages, deadLetters)));
    }
    return places;
  }, overdue);
}

/** Puts entries into the topic of dead letters alone: those that Heed found in the log, where an application had written them. */
export function copyDeadLetters(
  lanes: ProducerLanes,
  { deadLetters }: TopicNames,
  entries: readonly NewLogEntry[],
): Promise<void> {
  return lanes.run(async (producer) => {
    for (const { from, to } of inRequests(entries)) {
      await producer.send({ acks: -1, topic: deadLetters, messages: entries.slice(from, to).map(recordOf) });
    }
  });
}

/**
 * Remembers in each message where it goes: with the offset of a partition's first that is the place of every one. It is asked before every attempt, and
 * allows none when the producer is given up: kafkajs would go on behind the back of whoever was told that it failed, and sends again.
 */
export function rememberingPartitioner(givenUp: AbortSignal): ICustomPartitioner {
  return () => {
    const partitionOf = Partitioners.DefaultPartitioner();
    return (args) => {
      if (givenUp.aborted) throw new kafkajs.KafkaJSNonRetriableError('this producer was given up');
      return (args.message.partition = partitionOf(args));
    };
  };
}

async function send(
  producer: Producer,
  names: TopicNames,
  messages: readonly Message[],
  deadLetters: readonly Message[],
): Promise<readonly Written[]> {
  const topicMessages = [{ topic: names.events, messages: [...messages] }];
  if (deadLetters.length > 0) {
    topicMessages.push({
      topic: names.deadLetters,
      messages: deadLetters.map((message) => ({ ...message })),
    });
  }
  const answers = await producer.sendBatch({ acks: -1, topicMessages });
  const next = new Map(
    answers
      .filter(({ topicName }) => topicName === names.events)
      .map(({ partition, baseOffset }) => [partition, Number(baseOffset)]),
  );
  return messages.map(({ partition = -1 }) => {
    const offset = next.get(partition);
    if (offset === undefined || Number.isNaN(offset)) return undefined;
    next.set(partition, offset + 1);
    return { partition, offset };
  });
}

/** Consecutive entries whose bodies are not too much for one request. */
function inRequests(
  entries: readonly NewLogEntry[],
): readonly { readonly from: number; readonly to: number }[] {
  const requests: { from: number; to: number }[] = [];
  let bytes = 0;
  entries.forEach(({ body }, index) => {
    const own = Buffer.byteLength(body);
    const last = requests.at(-1);
    if (last === undefined || bytes + own > requestBytes) {
      requests.push({ from: index, to: index + 1 });
      bytes = own;
    } else {
      last.to = index + 1;
      bytes += own;
    }
  });
  return requests;
}
