import { describe, expect, it } from 'vitest';
import { kafkaLogSettings } from './kafka-settings.ts';
import { heedSettings, readSettings } from './settings.ts';

const logOf = (environment: Readonly<Record<string, string>>) =>
  kafkaLogSettings(readSettings(heedSettings, environment, {}).kafka);

describe('the settings of Kafka', () => {
  it('leave the log in the database where no broker is named', () => {
    expect(logOf({ HEED_KAFKA_PREFIX: 'shop' })).toBeUndefined();
  });

  it('name brokers, and what the topics are to be', () => {
    expect(logOf({ HEED_KAFKA_BROKERS: 'kafka-1:9092, 10.0.0.2:9093' })).toEqual({
      brokers: ['kafka-1:9092', '10.0.0.2:9093'],
      topics: { prefix: 'heed', partitions: 12 },
    });
    expect(
      logOf({
        HEED_KAFKA_BROKERS: 'kafka-1:9092',
        HEED_KAFKA_PREFIX: 'shop.heed',
        HEED_KAFKA_PARTITIONS: '48',
        HEED_KAFKA_REPLICATION: '3',
        HEED_KAFKA_RETENTION_DAYS: '30',
        HEED_KAFKA_SSL: 'true',
        HEED_KAFKA_USER: 'heed',
        HEED_KAFKA_PASSWORD: 'secret',
      }),
    ).toEqual({
      brokers: ['kafka-1:9092'],
      ssl: true,
      sasl: { mechanism: 'scram-sha-512', username: 'heed', password: 'secret' },
      topics: { prefix: 'shop.heed', partitions: 48, replicationFactor: 3, retentionMs: 2_592_000_000 },
    });
  });

  it.each<[Readonly<Record<string, string>>, RegExp]>([
    [{ HEED_KAFKA_BROKERS: 'kafka-1' }, /HEED_KAFKA_BROKERS is "kafka-1": expected HOST:PORT/u],
    [{ HEED_KAFKA_BROKERS: 'kafka-1:9092,' }, /HEED_KAFKA_BROKERS is "kafka-1:9092,": expected HOST:PORT/u],
    [{ HEED_KAFKA_PREFIX: 'a b' }, /HEED_KAFKA_PREFIX is "a b": expected letters/u],
    [
      { HEED_KAFKA_PARTITIONS: '2000' },
      /HEED_KAFKA_PARTITIONS is "2000": expected a whole number from 1 to 1024/u,
    ],
    [{ HEED_KAFKA_SSL: 'yes' }, /HEED_KAFKA_SSL is "yes": expected one of true, false/u],
    [{ HEED_KAFKA_MECHANISM: 'magic' }, /HEED_KAFKA_MECHANISM is "magic": expected one of plain/u],
    [{ HEED_KAFKA_USER: 'heed' }, /HEED_KAFKA_USER is "heed": expected HEED_KAFKA_PASSWORD beside it/u],
    [{ HEED_KAFKA_PASSWORD: 'secret' }, /HEED_KAFKA_USER is missing: expected, since there is a password/u],
  ])('are refused as %j, with what is allowed', (environment, says) => {
    expect(() => readSettings(heedSettings, environment, {})).toThrow(says);
  });

  it('never say the password', () => {
    const wrong = { HEED_KAFKA_PASSWORD: 'hunter2', HEED_KAFKA_PARTITIONS: '0' };
    expect(() => readSettings(heedSettings, wrong, {})).toThrow(/^(?!.*hunter2)/u);
  });
});
