import { Kafka, logLevel, type Producer } from 'kafkajs';
import { describe, expect, it, vi } from 'vitest';
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

  it('keep a producer whose work has little time left when it begins, and tell what became of it', async () => {
    const made: Producer[] = [];
    const lanes = new ProducerLanes(() => remember(made), LONG_MS, 1);
    const [late, begun, answer] = [
      new AbortController(),
      Promise.withResolvers<undefined>(),
      Promise.withResolvers<string>(),
    ];
    const used: Producer[] = [];
    const first = lanes.run((producer) => {
      used.push(producer);
      begun.resolve(undefined);
      return answer.promise;
    }, late.signal);
    const second = lanes.run((producer) => Promise.resolve(used.push(producer)));
    await begun.promise;
    late.abort();
    answer.resolve('written');
    expect(await first).toBe('written');
    await second;
    expect(used).toEqual([made[0], made[0]]);
    await lanes.close();
  });

  it('do not begin what is too late when its producer is ready, and keep that producer', async () => {
    const made: Producer[] = [];
    const connected = Promise.withResolvers<undefined>();
    const lanes = new ProducerLanes(
      () => {
        const producer = remember(made);
        producer.connect = () => connected.promise;
        return producer;
      },
      LONG_MS,
      1,
    );
    const late = new AbortController();
    const used: Producer[] = [];
    const work = (producer: Producer) => Promise.resolve(used.push(producer));
    const first = lanes.run(work, late.signal);
    const second = lanes.run(work);
    await vi.waitFor(() => expect(made).toHaveLength(1));
    late.abort();
    connected.resolve(undefined);
    await expect(first).rejects.toThrow('in time');
    await second;
    expect([made.length, used]).toEqual([1, made]);
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
