import { setTimeout as delay } from 'node:timers/promises';
import { consumptionOf, type Consumption, type ConsumeOptions, type LogEntry } from '@heed/events';
import type { EachBatchPayload } from 'kafkajs';
import { Gathering } from './gathering.ts';
import { kafkaClient, RETRY } from './kafka-client.ts';
import { isPassing, kafkaFault } from './kafka-fault.ts';
import type { KafkaConnection } from './kafka-settings.ts';
import type { LogRecord } from './log-record.ts';
import { FAREWELL_MS, noLongerThan } from './no-longer-than.ts';

const MiB = 1024 * 1024;

const ATTEMPTS = 6;
const AGAIN_MS = 200;

/** How often the brokers are told, during a long batch, that its reader lives. */
const heartbeatMs = 3_000;

/** After so long without a word its partitions go to the others: what a reader that was killed keeps waiting. */
const sessionMs = 10_000;

/** How long the others wait, when partitions are given out anew, for one who is in the middle of a batch; then they go to the others. */
const rebalanceMs = 20_000;

/** Longer than that, for the brokers answer whoever joins when all have. */
const requestMs = rebalanceMs + 5_000;

export interface ConsumeParts {
  readonly connection: KafkaConnection;
  readonly topic: string;
  readonly groupId: string;
  readonly partitions: () => Promise<number>;
  readonly read: (record: LogRecord) => LogEntry;
}

/** Reads as a member of a consumer group: its members share the partitions, and each goes on where the one before it had committed. */
export function consumeLog(parts: ConsumeParts, options: ConsumeOptions, handle: Handler): Consumption {
  return consumptionOf((stopping) => consume(parts, options, handle, stopping));
}

type Handler = (batch: readonly LogEntry[]) => Promise<void>;

/** kafkajs gives up where a group has no coordinator for a moment, as when a broker starts: then it is tried again. */
async function consume(
  parts: ConsumeParts,
  options: ConsumeOptions,
  handle: Handler,
  stopping: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const ended = await consumeOnce(parts, options, handle, stopping);
    if (ended.how === 'stopped' || stopping.aborted) return;
    if (ended.how === 'handler failed') throw ended.cause;
    if (attempt >= ATTEMPTS || !isPassing(ended.cause)) throw kafkaFault(ended.cause);
    await delay(AGAIN_MS * attempt, undefined, { signal: stopping }).catch(() => undefined);
  }
}

type Ending =
  { readonly how: 'stopped' } | { readonly how: 'handler failed' | 'client failed'; readonly cause: unknown };

async function consumeOnce(
  { connection, topic, groupId, partitions, read }: ConsumeParts,
  options: ConsumeOptions,
  handle: Handler,
  stopping: AbortSignal,
): Promise<Ending> {
  const ending = Promise.withResolvers<Ending>();
  const stop = (): void => ending.resolve({ how: 'stopped' });
  if (stopping.aborted) stop();
  stopping.addEventListener('abort', stop, { once: true });
  const failed = (cause: unknown): void => ending.resolve({ how: 'handler failed', cause });
  const gathering = new Gathering({ options, read, handle, failed });
  const consumer = kafkaClient({ requestTimeoutMs: requestMs, ...connection }).consumer({
    groupId,
    allowAutoTopicCreation: false,
    // Applications may write in transactions; what is in the log is in the log, for replay as for readers.
    readUncommitted: true,
    maxWaitTimeInMs: 250,
    maxBytesPerPartition: 4 * MiB,
    maxBytes: 16 * MiB,
    heartbeatInterval: heartbeatMs,
    sessionTimeout: sessionMs,
    rebalanceTimeout: rebalanceMs,
    retry: { ...RETRY, restartOnFailure: () => Promise.resolve(false) },
  });
  consumer.on(consumer.events.CRASH, ({ payload }) =>
    ending.resolve({ how: 'client failed', cause: payload.error }),
  );
  // The marks that transactions leave are no records, but they are read, and the log ends behind them.
  consumer.on(
    consumer.events.END_BATCH_PROCESS,
    ({ payload: { topic: of, partition, lastOffset, batchSize } }) => {
      if (batchSize > 0) return;
      const offset = String(Number(lastOffset) + 1);
      // Refused while the group gives its partitions out anew: whoever gets this one reads the marks again.
      consumer.commitOffsets([{ topic: of, partition, offset }]).catch(() => undefined);
    },
  );
  const begin = async (): Promise<void> => {
    await options.beforeBatch?.([]);
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const partitionsConsumedConcurrently = Math.max(1, await partitions());
    if (stopping.aborted) return;
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently,
      eachBatch: (payload) => offerAlive(gathering, payload),
    });
  };
  const begun = begin().catch((cause: unknown) => ending.resolve({ how: 'client failed', cause }));
  const ended = await ending.promise;
  stopping.removeEventListener('abort', stop);
  // It takes its leave once it has joined, for kafkajs joins anew whom it is told to disconnect before that, and once the batch in hand is finished,
  // however long that takes; brokers have their time for it after that.
  const left = begun.then(() => consumer.disconnect());
  left.catch(() => undefined);
  await gathering.close();
  await noLongerThan(FAREWELL_MS, left);
  return ended;
}

async function offerAlive(gathering: Gathering, payload: EachBatchPayload): Promise<void> {
  const beat = setInterval(() => {
    payload.heartbeat().catch((cause: unknown) => gathering.abandon(cause));
  }, heartbeatMs);
  try {
    await gathering.offer(payload);
  } finally {
    clearInterval(beat);
  }
}
