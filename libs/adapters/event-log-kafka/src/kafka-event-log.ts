import type { Consumption, EventLog, LogEntry, LogLag, ReadOptions } from '@heed/events';
import { Fault } from '@heed/kernel';
import { Appender } from './appender.ts';
import { boundedBatches } from './bounded-batches.ts';
import { consumeLog } from './consume-log.ts';
import { EventCounter } from './event-counter.ts';
import { entryOf } from './event-record.ts';
import { kafkaClient, RETRY } from './kafka-client.ts';
import { orFault } from './kafka-fault.ts';
import { groupName, topicNames, type KafkaLogSettings } from './kafka-settings.ts';
import { KnownKeys } from './known-keys.ts';
import { learnNewest } from './learn-newest.ts';
import { LogAdmin } from './log-admin.ts';
import type { LogRecord } from './log-record.ts';
import { ProducerLanes } from './producer-lanes.ts';
import { TopicReader, type Offsets } from './topic-reader.ts';
import { rememberingPartitioner, writeEntries } from './write-entries.ts';

/**
 * The log on Kafka (docs/decisions/0010). Its topics must be there: `createKafkaTopics` makes them. Connects when it is first needed; `close` stops
 * the readers and waits for appends under way.
 *
 * What the port leaves to it: order and positions within a session, several readers a group, and repeats of an event that were
 * not recognised, which readers must expect.
 */
export function kafkaEventLog(settings: KafkaLogSettings): EventLog {
  const names = topicNames(settings.topics);
  const { limits } = settings;
  const read = (record: LogRecord): LogEntry => entryOf(record, limits);
  const admin = new LogAdmin(settings);
  const lanes = new ProducerLanes(() =>
    kafkaClient(settings).producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      retry: RETRY,
      createPartitioner: rememberingPartitioner,
    }),
  );
  const newReader = (): TopicReader => new TopicReader(settings, names.events);
  const readers = { appender: newReader(), counter: newReader() };
  const keys = new KnownKeys(settings.knownKeys ?? 500_000);
  const consumptions = new Set<Consumption>();
  const appending = new Set<Promise<unknown>>();
  let learntUpTo: Offsets = new Map();

  const appender = new Appender({
    keys,
    learn: async () => {
      const ends = await admin.ends(names.events);
      await learnNewest(readers.appender, ends, learntUpTo, keys, limits);
      learntUpTo = ends.high;
    },
    bodyAt: async (place) => {
      const record = await readers.appender.at(place);
      return record && read(record).body;
    },
    write: (entries, records) => writeEntries(lanes, names, entries, records),
  });
  const counter = new EventCounter({
    reader: readers.counter,
    ends: () => admin.ends(names.events),
    read,
    load: () => lastValue(settings, admin, names.counts),
    save: (value) =>
      lanes.run(async (producer) => {
        await producer.send({ topic: names.counts, messages: [{ key: 'counts', value }] });
      }),
    savedEvery: settings.countsSavedEvery ?? 50_000,
  });

  return {
    append: async (batch) => {
      if (batch.length === 0) return [];
      const append = appender.append(batch);
      appending.add(append);
      try {
        return await append;
      } finally {
        appending.delete(append);
      }
    },
    consume: (group, options, handle) => {
      const parts = {
        connection: settings,
        topic: names.events,
        groupId: groupName(group, settings.topics),
        partitions: () => admin.partitions(names.events),
        read,
      };
      const consumption = consumeLog(parts, options, handle);
      consumptions.add(consumption);
      void consumption.done.catch(() => undefined).then(() => consumptions.delete(consumption));
      return consumption;
    },
    replay: (options) => replay(newReader(), admin.ends(names.events), read, options),
    lag: async (group) => {
      const { low, high } = await admin.ends(names.events);
      const committed = await admin.committed(groupName(group, settings.topics), names.events);
      return lagOf(low, high, committed);
    },
    rewind: (group) => admin.forgetGroup(group, groupName(group, settings.topics)),
    counts: () => orFault(counter.counts()),
    removeTenant: () => Promise.reject(cannotRemove()),
    close: async () => {
      await Promise.all([...consumptions].map((consumption) => consumption.stop()));
      await Promise.allSettled(appending);
      await counter.settled();
      await lanes.close();
      await Promise.all([readers.appender.close(), readers.counter.close(), admin.close()]);
    },
  };
}

function replay(
  reader: TopicReader,
  ends: ReturnType<LogAdmin['ends']>,
  read: (record: LogRecord) => LogEntry,
  options: ReadOptions,
): AsyncIterable<readonly LogEntry[]> {
  // The head is read at the call; that it could not be is told to whoever iterates.
  ends.catch(() => undefined);
  return {
    async *[Symbol.asyncIterator]() {
      try {
        const { low, high } = await ends;
        for await (const records of reader.read(low, high)) yield* boundedBatches(records.map(read), options);
      } finally {
        await reader.close();
      }
    },
  };
}

/** Sums over the partitions; a partition whose beginning retention has taken counts from where it begins. */
function lagOf(low: Offsets, high: Offsets, committed: Offsets): LogLag {
  const lag = { entries: 0, committed: 0, head: 0 };
  for (const [partition, end] of high) {
    const read = committed.get(partition) ?? 0;
    lag.head += end;
    lag.committed += read;
    lag.entries += Math.max(0, end - Math.max(read, low.get(partition) ?? 0));
  }
  return lag;
}

async function lastValue(
  settings: KafkaLogSettings,
  admin: LogAdmin,
  topic: string,
): Promise<string | undefined> {
  const { high } = await admin.ends(topic);
  const end = high.get(0) ?? 0;
  if (end === 0) return undefined;
  const reader = new TopicReader(settings, topic);
  try {
    return (await reader.at({ partition: 0, offset: end - 1 }))?.value?.toString();
  } finally {
    await reader.close();
  }
}

function cannotRemove(): Fault {
  return new Fault(
    'log-cannot-remove',
    'Kafka keeps what was written: the events of one tenant cannot be taken out of the log.',
    'Give what is to be removed later a topic prefix of its own, and delete those topics; or let retention take it.',
  );
}
