import { Fault } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { problemOf } from './problem-filter.ts';

describe('problemOf', () => {
  it('gives a known code its status, and keeps what was wrong and what to do', () => {
    expect(problemOf(new Fault('queue-full', 'Too many wait.', 'Wait.'))).toEqual({
      type: 'urn:heed:problem:queue-full',
      status: 429,
      code: 'queue-full',
      title: 'Queue full',
      detail: 'Too many wait.',
      remedy: 'Wait.',
    });
  });

  it.each([
    ['warehouse-full', 507],
    ['warehouse-failed', 503],
    ['warehouse-closed', 503],
    ['bundle-version-taken', 409],
    ['foreign-origin', 403],
    ['batch-unstorable', 413],
  ])('answers %s with %i', (code, status) => {
    expect(problemOf(new Fault(code, 'wrong', 'do'))).toMatchObject({ code, status });
  });

  it('tells nothing of the inside when something unforeseen is thrown', () => {
    const problem = problemOf(new Error('password=hunter2'));
    expect(problem).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });

  it('understands the framework: 413 from a body that is too large', () => {
    const thrown = Object.assign(new Error('Request body is too large'), { statusCode: 413 });
    expect(problemOf(thrown)).toMatchObject({ status: 413, code: 'body-too-large' });
  });
});
