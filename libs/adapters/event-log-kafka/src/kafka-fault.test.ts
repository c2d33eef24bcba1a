import { Fault } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { kafkaFault } from './kafka-fault.ts';

describe('a failure of the client', () => {
  it.each([
    ['KAFKA_STORAGE_ERROR', 'log-full'],
    ['MESSAGE_TOO_LARGE', 'batch-unstorable'],
    ['UNKNOWN_TOPIC_OR_PARTITION', 'log-unavailable'],
    ['REQUEST_TIMED_OUT', 'log-unavailable'],
  ])('with %s, however deep, is the fault %s, with what to do', (type, code) => {
    const deepest = Object.assign(new Error('it said so'), { type });
    const cause = new Error('retries exceeded', { cause: new Error('again', { cause: deepest }) });
    const fault = kafkaFault(cause);
    expect(fault).toMatchObject({ code, cause });
    expect(fault.message).toContain('it said so');
    expect(fault.remedy).not.toBe('');
  });

  it('that is a fault already stays what it is', () => {
    const fault = new Fault('x', 'y', 'z');
    expect(kafkaFault(fault)).toBe(fault);
  });
});
