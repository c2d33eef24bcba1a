import { kafkaEventLog } from '@heed/event-log-kafka';
import { eventLogContract } from '@heed/testing';
import { afterAll, expect, it } from 'vitest';
import { OwnBroker } from './own-broker.ts';

const broker = new OwnBroker();
const warnings: string[] = [];
const note = ({ name }: Error): void => void warnings.push(name);
process.on('warning', note);
afterAll(() => void process.off('warning', note));

eventLogContract('Kafka', async () => kafkaEventLog(await broker.newTopics({ partitions: 3 })), {
  order: 'session',
  readersOfAGroup: 'many',
  removesTenants: false,
});

it('has made Node warn of nothing by all that', () => {
  expect(warnings).toEqual([]);
});
