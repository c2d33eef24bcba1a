import { Kafka, logLevel, type Producer } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { ProducerLanes } from './producer-lanes.ts';

const LONG_MS = 60_000;

describe('producer lanes', () => {
  it('give each piece of work a producer of its own, and the next that waits the first that is free', async () => {
    const made: Producer[] = [];
    const lanes = new ProducerLanes(() => remember(made), LONG_MS);
    const gates = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const used: Producer[] = [];
    const work = gates.map(({ promise }) => lanes.run((producer) => (used.push(producer), promise)));
    const third = lanes.run((producer) => Promise.resolve(used.push(producer)));
    gates[0]?.resolve(undefined);
    await third;
    gates[1]?.resolve(undefined);
    await Promise.all(work);
    expect(used).toEqual([made[0], made[1], made[0]]);
    await lanes.close();
  });

  it('never use a producer again that failed', async () => {
    const made: Producer[] = [];
    const lanes = new ProducerLanes(() => remember(made), LONG_MS, 1);
    const fault = new Error('timed out');
    const used: Producer[] = [];
    await expect(lanes.run((producer) => (used.push(producer), Promise.reject(fault)))).rejects.toBe(fault);
    await lanes.run((producer) => Promise.resolve(used.push(producer)));
    expect(made).toHaveLength(2);
    expect(used).toEqual(made);
    await lanes.close();
    await expect(lanes.run(() => Promise.resolve())).rejects.toThrow('closed');
  });

  it('give up what does not end in time, and what waited behind it is not begun', async () => {
    const made: Producer[] = [];
    const givenUp: AbortSignal[] = [];
    const newProducer = (signal: AbortSignal): Producer => (givenUp.push(signal), remember(made));
    const lanes = new ProducerLanes(newProducer, 50, 1);
    const answer = Promise.withResolvers<undefined>();
    const begun: string[] = [];
    const work = (name: string) => (): Promise<undefined> => {
      begun.push(name);
      return answer.promise;
    };
    const both = [lanes.run(work('first')), lanes.run(work('second'))];
    const settled = await Promise.allSettled(both);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(begun).toEqual(['first']);
    expect(givenUp.map(({ aborted }) => aborted)).toEqual([true]);
    answer.resolve(undefined);
    await lanes.run(work('third'));
    expect(givenUp.map(({ aborted }) => aborted)).toEqual([true, false]);
    await lanes.close();
  });
});

/** A real producer that is never connected. */
function remember(made: Producer[]): Producer {
  const kafka = new Kafka({ brokers: ['127.0.0.1:1'], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: () => () => 0 });
  producer.connect = () => Promise.resolve();
  made.push(producer);
  return producer;
}
