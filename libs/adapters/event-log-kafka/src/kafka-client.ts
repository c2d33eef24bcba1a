import { Kafka, logLevel, type RetryOptions } from 'kafkajs';
import { journalLog } from './kafka-journal.ts';
import type { KafkaConnection } from './kafka-settings.ts';
import { withoutNegativeTimeouts } from './no-negative-timeouts.ts';

/** Some three seconds: a leader that moves is waited for, a cluster that is gone is told of. */
export const RETRY: RetryOptions = { retries: 5, initialRetryTime: 100, maxRetryTime: 2_000 };

/**
 * A client of its own for whoever connects: those of one client share their committed offsets, which two readers of a group must not.
 */
export function kafkaClient(connection: KafkaConnection): Kafka {
  withoutNegativeTimeouts();
  const { brokers, clientId = 'heed', ssl, sasl, requestTimeoutMs = 10_000, journal } = connection;
  return new Kafka({
    brokers: [...brokers],
    clientId,
    requestTimeout: requestTimeoutMs,
    retry: RETRY,
    // Its debug messages hold payloads.
    logLevel: logLevel.INFO,
    logCreator: journalLog(journal),
    ...(ssl !== undefined && { ssl }),
    ...(sasl !== undefined && { sasl }),
  });
}
