import type { ModelView } from '@heed/contract';
import { describe, expect, it } from 'vitest';
import { UsageFault } from '../usage-fault.ts';
import { modelToMove } from './model-to-move.ts';

type Of = Pick<ModelView, 'model' | 'status'> & Partial<ModelView>;
const listed = (...models: readonly Of[]): readonly ModelView[] =>
  models.map((of) => ({
    tenant: 'default',
    name: 'love',
    purpose: 'love',
    version: 'a'.repeat(64),
    featuresVersion: '1',
    trainedAt: '2026-03-01T08:00:00.000Z',
    card: 'c'.repeat(64),
    gates: [],
    stale: null,
    history: [],
    ...of,
  }));
const stale: ModelView['stale'] = {
  because: 'drift',
  at: '2026-03-02T09:00:00.000Z',
  who: 'heed',
  why: 'so',
};

describe('modelToMove', () => {
  it.each([
    [
      'an id as it is',
      'love-2',
      [
        { model: 'love-1', status: 'passed' },
        { model: 'love-2', status: 'live' },
      ],
      'love-2',
    ],
    ['what no model is called as it is', 'other', [{ model: 'love-1', status: 'passed' }], 'other'],
    [
      'an id that is a name as well by the id',
      'love',
      [
        { model: 'love', status: 'refused', name: 'x' },
        { model: 'love-1', status: 'passed' },
      ],
      'love',
    ],
    [
      'the only one that waits',
      'love',
      [
        { model: 'love-3', status: 'refused' },
        { model: 'love-2', status: 'passed' },
        { model: 'love-1', status: 'retired' },
      ],
      'love-2',
    ],
    [
      'the one trained since the live one',
      'love',
      [
        { model: 'love-3', status: 'passed' },
        { model: 'love-2', status: 'live' },
        { model: 'love-1', status: 'passed' },
      ],
      'love-3',
    ],
    [
      'not one that is stale',
      'love',
      [
        { model: 'love-3', status: 'passed', stale },
        { model: 'love-2', status: 'passed' },
      ],
      'love-2',
    ],
    [
      'not one of another name',
      'love',
      [
        { model: 'search-1', status: 'passed', name: 'search' },
        { model: 'love-1', status: 'passed' },
      ],
      'love-1',
    ],
    [
      'the last one, to hear why not, where it is refused',
      'love',
      [
        { model: 'love-2', status: 'refused' },
        { model: 'love-1', status: 'live' },
      ],
      'love-2',
    ],
    [
      'the live one where there is no other, to hear that it is',
      'love',
      [
        { model: 'love-2', status: 'live' },
        { model: 'love-1', status: 'refused' },
      ],
      'love-2',
    ],
  ] as const)('puts live %s', (_, called, models, meant) => {
    expect(modelToMove(listed(...models), called, 'live')).toBe(meant);
  });

  it.each([
    [
      'two wait',
      [
        { model: 'love-2', status: 'passed' },
        { model: 'love-1', status: 'passed' },
      ],
    ],
    [
      'the newest is refused and a former one could come back',
      [{ model: 'love-1', status: 'retired' }],
      { model: 'love-2', status: 'refused' },
    ],
    [
      'the live one is the newest and a former one could come back',
      [
        { model: 'love-1', status: 'superseded' },
        { model: 'love-0', status: 'passed' },
      ],
      { model: 'love-2', status: 'live' },
    ],
    [
      'there are former ones alone',
      [
        { model: 'love-2', status: 'retired' },
        { model: 'love-1', status: 'superseded' },
      ],
    ],
  ] as const)('says which there are where %s', (_, models, newest?: Of) => {
    const choose = () => modelToMove(listed(...(newest ? [newest] : []), ...models), 'love', 'live');
    expect(choose).toThrow(UsageFault);
    for (const { model, status } of models)
      expect(choose).toThrow(`${model} (${status}, trained 2026-03-01T08`);
  });

  it('retires the live one, whatever was trained since', () => {
    const models = listed({ model: 'love-2', status: 'passed' }, { model: 'love-1', status: 'live' });
    expect(modelToMove(models, 'love', 'retire')).toBe('love-1');
  });

  it('has the last one refused where none is live to be retired', () => {
    const models = listed({ model: 'love-2', status: 'passed' }, { model: 'love-1', status: 'retired' });
    expect(modelToMove(models, 'love', 'retire')).toBe('love-2');
  });
});
