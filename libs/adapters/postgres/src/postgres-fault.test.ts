import { tmpdir } from 'node:os';
import { Fault } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { postgresFault } from './postgres-fault.ts';

const failure = (code: string): Error => Object.assign(new Error('it said so'), { code });

describe('a failed statement', () => {
  it.each([
    ['53100', 'log-full'],
    ['ENOSPC', 'log-full'],
    ['57P01', 'log-unavailable'],
    ['ECONNREFUSED', 'log-unavailable'],
    ['42601', 'log-unavailable'],
  ])('with code %s is the fault %s, with what to do', async (code, expected) => {
    const fault = await postgresFault(failure(code), tmpdir());
    expect(fault.code).toBe(expected);
    expect(fault.remedy).not.toBe('');
    expect(fault.cause).toMatchObject({ code });
  });

  it('is no fault of the database when the batch could not be put into one string', async () => {
    const cause = new RangeError('Invalid string length');
    expect(await postgresFault(cause, tmpdir())).toMatchObject({ code: 'batch-unstorable', cause });
  });

  it('stays the fault it is', async () => {
    const fault = new Fault('x', 'y', 'z');
    expect(await postgresFault(fault, undefined)).toBe(fault);
  });
});
