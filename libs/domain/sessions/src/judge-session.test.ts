import { describe, expect, it } from 'vitest';
import { judgeSession } from './judge-session.ts';
import { derive, event, MINUTE, NINE, turn } from './session-events.fixture.ts';

const model = { id: 'defect-1', threshold: 0.4 };
const answered = (index: number, text: string) => turn(index, text, { response: { text: 'Here it is.' } });

describe('a session that a model of failed turns judges', () => {
  it('has outcomes by its threshold, ends by them, and names it', () => {
    const judged = judgeSession(derive(answered(0, 'jazz'), answered(1, 'weather')), model, [0.39, 0.4]);
    expect(judged).toMatchObject({
      turns: [
        { outcome: { kind: 'success', probability: 1 - 0.39, decidedBy: 'model' } },
        { outcome: { kind: 'defect', probability: 1 - 0.4, decidedBy: 'model' } },
      ],
      chain: { end: 'failure' },
      models: { outcome: 'defect-1', followUp: 'follow-up-rules-1' },
    });
  });

  it('keeps what the rules said where there was no answer to judge', () => {
    const derived = derive(turn(0, 'jazz'), turn(1, 'no i said jazz'));
    const judged = judgeSession(derived, model, [null, null]);
    expect(judged.turns).toEqual(derived.turns);
    expect(judged.chain).toEqual(derived.chain);
  });

  it('is not judged by a goodbye, whatever the model says of it', () => {
    const derived = derive(answered(0, 'jazz'), answered(1, 'bye'));
    const judged = judgeSession(derived, model, [0.9, 0.1]);
    expect(derived.chain.end).toBe('unlabelled');
    expect(judged.turns[1]?.outcome).toEqual(derived.turns[1]?.outcome);
    expect(judged.chain.end).toBe('failure');
  });

  it.each([
    ['an outcome', event('outcome', 'o', NINE + MINUTE, { name: 'success', value: true }), 'outcome'],
    ['a reaction', event('reaction', 'r', NINE + MINUTE, { turn: 't0', kind: 'love' }), 'reaction'],
  ])('keeps what %s states', (_, stated, decidedBy) => {
    const judged = judgeSession(derive(answered(0, 'jazz'), stated), model, [0.99]);
    expect(judged).toMatchObject({
      turns: [{ outcome: { kind: 'success', decidedBy } }],
      chain: { end: 'success' },
    });
  });
});
