import { expect, test } from 'vitest';
import { ruleModels } from '../session-models.ts';
import { evaluateOutcomes } from './evaluate-outcomes.ts';
import { ussDialogues } from './uss-dialogues.ts';

const USS = [
  '',
  'USER\tplay abba in the kitchen\tINFORM\t3,3',
  'SYSTEM\tPlaying in the bedroom.\tOFFER\t',
  'SYSTEM\tAnything else?\tREQ_MORE\t',
  'USER\tno, I said kitchen\tINFORM\t2,1',
  'SYSTEM\tPlaying in the kitchen.\tOFFER\t',
  'USER\tthanks\tTHANK_YOU\t4,5',
  'USER\tOVERALL\t\t3,3',
  '',
].join('\n');

test('ratings at a request belong to the answer before it', () => {
  expect(ussDialogues(USS)).toEqual([
    [
      {
        request: 'play abba in the kitchen',
        response: 'Playing in the bedroom. Anything else?',
        satisfaction: 1.5,
      },
      { request: 'no, I said kitchen', response: 'Playing in the kitchen.', satisfaction: 4.5 },
      { request: 'thanks' },
    ],
  ]);
});

test('outcomes are held against the raters, told apart by what decided', () => {
  expect(evaluateOutcomes(ussDialogues(USS), ruleModels)).toEqual({
    turns: 2,
    dissatisfied: 1,
    auroc: 1,
    lengthAuroc: 1,
    byDecision: [
      { decidedBy: 'reformulated: correct', turns: 1, dissatisfiedShare: 1 },
      { decidedBy: 'thanked', turns: 1, dissatisfiedShare: 0 },
    ],
  });
});
