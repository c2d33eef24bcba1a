import type { Consumption, EventLog, LogEntry, LogLag, OpenBodies, ReadOptions } from '@heed/events';
import { Fault, unlessAborted } from '@heed/kernel';
import { Appender } from './appender.ts';
import { boundedBatches } from './bounded-batches.ts';
import { consumeLog } from './consume-log.ts';
import { copyingRefused } from './copying-refused.ts';
import { EventCounter } from './event-counter.ts';
import { entryOf } from './event-record.ts';
import { kafkaClient, RETRY } from './kafka-client.ts';
import { orFault } from './kafka-fault.ts';
import { groupName, topicNames, type KafkaLogSettings } from './kafka-settings.ts';
import { KnownKeys } from './known-keys.ts';
import { learnNewest } from './learn-newest.ts';
import { LogAdmin, refuseTooMany, type TopicEnds } from './log-admin.ts';
import type { LogRecord } from './log-record.ts';
import { FAREWELL_MS, noLongerThan } from './no-longer-than.ts';
import { ProducerLanes } from './producer-lanes.ts';
import { TopicReader, type Offsets } from './topic-reader.ts';
import { copyDeadLetters, rememberingPartitioner, writeEntries } from './write-entries.ts';

const COUNTS_SAVED_EVERY_MS = 3_600_000;

/** Who is not answered sends again, and is to know of it while he still waits: those in the queue before the log wait for two appends. */
const APPEND_MS = { whole: 7_000, request: 5_000 };

/**
 * The log on Kafka (docs/decisions/0010). Its topics must be there: `createKafkaTopics` makes them. Connects when it is first needed; `close` stops
 * the readers and waits for appends under way, which end in time, and a few seconds for whatever else the brokers still have to answer.
 *
 * What the port leaves to it: order and positions within a session, several readers a group, and repeats of an event that were
 * not recognised, which readers must expect.
 *
 * @param opened how what it holds is read to be compared with what comes, where a `sealedLog` stands above it
 */
export function kafkaEventLog(
  settings: KafkaLogSettings,
  opened: OpenBodies = (stored) => Promise.resolve(stored.map(({ body }) => body)),
): EventLog {
  const names = topicNames(settings.topics);
  const { limits } = settings;
  const read = (record: LogRecord): LogEntry => entryOf(record, limits);
  const { appendWithinMs = APPEND_MS.whole } = settings;
  const lanes = new ProducerLanes(
    (givenUp) =>
      kafkaClient({ requestTimeoutMs: APPEND_MS.request, ...settings }).producer({
        idempotent: true,
        allowAutoTopicCreation: false,
        retry: RETRY,
        createPartitioner: rememberingPartitioner(givenUp),
      }),
    appendWithinMs,
  );
  const closing = new AbortController();
  const admin = new LogAdmin(settings, closing.signal);
  const newReader = (): TopicReader => new TopicReader(settings, names.events, closing.signal);
  const readers = { appender: newReader(), counter: newReader() };
  const endsReader = newReader();
  const ends = async (): Promise<TopicEnds> => {
    const found = await endsReader.ends();
    refuseTooMany(names.events, found.high.size);
    return found;
  };
  const keys = new KnownKeys(settings.knownKeys ?? 500_000);
  const consumptions = new Set<Consumption>();
  const appending = new Set<Promise<unknown>>();
  let learntUpTo: Offsets = new Map();

  const appender = new Appender({
    keys,
    learn: async () => {
      const found = await ends();
      await learnNewest(readers.appender, found, learntUpTo, keys, limits);
      learntUpTo = found.high;
    },
    bodyAt: async (place) => {
      const record = await readers.appender.at(place);
      return record && read(record).body;
    },
    opened,
    write: (entries, records, overdue) => writeEntries(lanes, names, entries, records, overdue),
  });
  const counter = new EventCounter({
    reader: readers.counter,
    ends,
    read,
    load: () => lastValue(settings, admin, names.counts),
    save: (value) =>
      lanes.run(async (producer) => {
        await producer.send({ topic: names.counts, messages: [{ key: 'counts', value }] });
      }),
    savedEvery: settings.countsSavedEvery ?? 50_000,
    savedEveryMs: COUNTS_SAVED_EVERY_MS,
  });

  const readBy = async (group: string): Promise<TopicEnds> => {
    const committed = await admin.committed(groupName(group, settings.topics), names.events);
    return { low: (await ends()).low, high: committed };
  };

  return {
    append: async (batch) => {
      if (batch.length === 0) return [];
      // What it learns of the log before it writes takes its time as well.
      const overdue = AbortSignal.timeout(appendWithinMs);
      const append = appender.append(batch, overdue);
      appending.add(append);
      void append.catch(() => undefined).finally(() => appending.delete(append));
      return orFault(unlessAborted(overdue, append));
    },
    consume: (group, options, handle) => {
      const copying = copyingRefused({
        read,
        handle,
        copy: (letters) => copyDeadLetters(lanes, names, letters),
        journal: settings.journal,
      });
      const parts = {
        connection: settings,
        topic: names.events,
        groupId: groupName(group, settings.topics),
        partitions: () => admin.partitions(names.events),
        read: copying.read,
      };
      const consumption = consumeLog(parts, options, copying.handle);
      consumptions.add(consumption);
      void consumption.done.catch(() => undefined).then(() => consumptions.delete(consumption));
      return consumption;
    },
    replay: ({ committedBy, ...options }) => {
      const stretch = committedBy === undefined ? ends() : readBy(committedBy);
      return replay(newReader(), stretch, read, options);
    },
    lag: async (group) => {
      // What was committed is read first: it is then in the log that is looked at after it.
      const committed = await admin.committed(groupName(group, settings.topics), names.events);
      return lagOf(await ends(), committed);
    },
    rewind: (group) => admin.forgetGroup(group, groupName(group, settings.topics)),
    counts: () => orFault(counter.counts()),
    removesTenants: false,
    removeTenant: () => Promise.reject(cannotRemove()),
    close: async () => {
      closing.abort();
      await Promise.allSettled([...[...consumptions].map((consumption) => consumption.stop()), ...appending]);
      const connections = [endsReader, readers.appender, readers.counter, admin];
      await noLongerThan(
        FAREWELL_MS,
        counter
          .settled()
          .then(() => Promise.all([lanes.close(), ...connections.map((connection) => connection.close())])),
      );
    },
  };
}

function replay(
  reader: TopicReader,
  stretch: Promise<TopicEnds>,
  read: (record: LogRecord) => LogEntry,
  options: ReadOptions,
): AsyncIterable<readonly LogEntry[]> {
  // The end is read at the call; that it could not be is told to whoever iterates.
  stretch.catch(() => undefined);
  return {
    async *[Symbol.asyncIterator]() {
      try {
        const { low, high } = await stretch;
        for await (const records of reader.read(low, high)) yield* boundedBatches(records.map(read), options);
      } finally {
        await reader.close();
      }
    },
  };
}

/** A partition whose beginning retention has taken counts from where it begins. */
function lagOf({ low, high }: TopicEnds, committed: Offsets): LogLag {
  const partitions = [...high]
    .sort(([one], [other]) => one - other)
    .map(([partition, head]) => ({
      committed: Math.max(committed.get(partition) ?? 0, low.get(partition) ?? 0),
      head,
    }));
  const entries = partitions.reduce((sum, { committed: read, head }) => sum + Math.max(0, head - read), 0);
  return { entries, partitions };
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
