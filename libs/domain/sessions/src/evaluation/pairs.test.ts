import { expect, test } from 'vitest';
import { reformulationRules } from '../reformulation/reformulation-rules.ts';
import { alexaCqrPairs } from './alexa-cqr-pairs.ts';
import { evaluateReformulations, splitByGroup } from './evaluate-reformulations.ts';
import { longInstructionPairs } from './long-instruction-pairs.ts';
import { trecSessionPairs } from './trec-session-pairs.ts';

const says = (turn: string, utterance: string): object => ({ turn, data: { utterance } });

const DIALOGUES = [
  {
    scenario: { uuid: 'd-1' },
    dialogue: [
      says('driver', 'what is the weather'),
      says('assistant', 'Where?'),
      says('driver', 'San Mateo.'),
      {
        ...says('assistant', 'Sunny.'),
        reformulation: {
          base_utt_idx: 0,
          reformulated_utt: 'what is the weather in San Mateo',
          mturk_reformulations: [
            'What is the weather in San Mateo?',
            'San Mateo weather',
            'What is the weather?',
          ],
        },
      },
      says('driver', 'Thanks.'),
      { ...says('assistant', 'Welcome.'), reformulation: { base_utt_idx: 4, reformulated_utt: null } },
    ],
  },
];

test('CQR: rewordings of an utterance against neighbouring utterances', () => {
  const pairs = alexaCqrPairs(DIALOGUES).map(({ earlier, later, reformulation }) => [
    earlier,
    later,
    reformulation,
  ]);

  expect(pairs).toEqual([
    ['what is the weather', 'What is the weather in San Mateo?', true],
    ['what is the weather', 'San Mateo weather', true],
    ['what is the weather', 'San Mateo.', false],
    ['San Mateo.', 'Thanks.', false],
  ]);
});

test('CQR: other JSON is refused', () => {
  expect(() => alexaCqrPairs({ dialogue: [] })).toThrow('expected array');
});

const TSV = [
  'year\tsession\ttopic\tquery',
  '2012\t1\t1\ttax code',
  '2012\t1\t1\ttax code 403',
  '2012\t2\t2\tat&amp;t',
  '2012\t2\t2\tat&amp;t shares',
  '2012\t2\t2\tAT&amp;T shares',
].join('\n');

test('TREC: neighbouring queries of a session against those of another topic', () => {
  const pairs = trecSessionPairs(TSV).map(({ earlier, later, reformulation }) => [
    earlier,
    later,
    reformulation,
  ]);

  expect(pairs).toEqual([
    ['tax code', 'tax code 403', true],
    ['tax code', 'at&t shares', false],
    ['at&t', 'at&t shares', true],
    ['at&t', 'tax code 403', false],
  ]);
});

test('TREC: a file without the columns is refused', () => {
  expect(() => trecSessionPairs('a\tb\n1\t2')).toThrow('no column "session"');
});

test('long instructions: each with the five long ones before it, none a reformulation', () => {
  const lines = Array.from({ length: 8 }, (_, row) =>
    JSON.stringify({ row, instruction: `${String(row)} `.repeat(row === 2 ? 10 : 150) }),
  );
  const pairs = longInstructionPairs(`${lines.join('\n')}\n`);

  // Seven are long: 0 + 1 + 2 + 3 + 4 + 5 + 5.
  expect(pairs).toHaveLength(20);
  expect(pairs.filter(({ reformulation }) => reformulation)).toEqual([]);
  expect(pairs.filter(({ group }) => group === '7').map(({ earlier }) => earlier.charAt(0))).toEqual([
    '1',
    '3',
    '4',
    '5',
    '6',
  ]);
});

test('a group is never torn apart', () => {
  const [first, second] = splitByGroup(trecSessionPairs(TSV));

  expect([first, second].map((half) => [...new Set(half.map(({ group }) => group))])).toEqual([['1'], ['2']]);
});

test('a model is measured beside what needs none', () => {
  const { model, baselines } = evaluateReformulations(trecSessionPairs(TSV), reformulationRules);

  expect(model).toMatchObject({ positives: 2, negatives: 2, precision: 1, recall: 1, auroc: 1 });
  expect(baselines.anySharedWord.f1).toBe(1);
  expect(baselines.lengthOnly.recall).toBe(0.5);
});
