import type { AdversariesAnswer, ForesightAnswer, GamingAnswer, ObjectivesAnswer } from '@heed/rewards';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeService, type FakeService } from '../testing/fake-service.ts';
import { runHeed, type CliRun } from '../testing/fake-shell.ts';
import { fileLines } from './file-lines.ts';

let folder: string;
let service: FakeService | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-questions-'));
});
afterEach(async () => {
  await service?.stop();
  service = undefined;
  await rm(folder, { recursive: true });
});

type Question = 'foresight' | 'adversaries' | 'gaming' | 'objectives';
/** What the service was asked, in their order. */
const asked: unknown[] = [];

async function heed(question: Question, answer: unknown, ...argv: readonly string[]): Promise<CliRun> {
  asked.length = 0;
  const lines = [{ progress: { step: 'asking', done: 0, of: 1 } }, { result: answer }];
  service ??= await fakeService({
    routes: {
      [`POST /v1/train/models/love/${question}`]: (body) => {
        asked.push(JSON.parse(body));
        return { body: lines.map((line) => `${JSON.stringify(line)}\n`).join('') };
      },
    },
  });
  return runHeed([question, 'love', ...argv, '--url', service.url.href], { cwd: folder });
}

async function file(...lines: readonly unknown[]): Promise<string> {
  const texts = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  await writeFile(join(folder, 'in.jsonl'), texts.join(''));
  return 'in.jsonl';
}

const unanswered = { answered: false, why: 'Too few to say.' } as const;

describe('heed foresight', () => {
  const five: ForesightAnswer = {
    answered: true,
    policies: ['a', 'b', 'c', 'd', 'e'].map((policy, n) => ({
      ...{
        policy,
        predicted: 0.1 * n,
        interval: { low: 0.1 * n - 0.05, high: 0.1 * n + 0.05 },
        observed: 0.11 * n + 0.02,
        examples: 40 + n,
      },
    })),
    ...{ prompts: 7, learnedFrom: false, leftOut: ['z'] },
    correlation: 0.97,
    interval: { low: 0.6, high: 0.99 },
    says: 'They were loved more.',
  };
  const line = { policy: 'a', context: [{ role: 'user', text: 'play' }], response: 'Sure.' };

  it('has what was predicted beside what was observed', async () => {
    const { code, stdout } = await heed('foresight', five);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^c +0\.200 +0\.150 to 0\.250 +0\.240 +42$/m);
    expect(stdout).toContain('Predicted on 7 prompts that all of them answered.');
    expect(stdout).toContain('Left out, with too few rated answers: z.');
    expect(stdout).toMatch(/They were loved more\.\n$/);
    expect(asked).toEqual([{}]);
    expect(JSON.parse((await heed('foresight', five, '--json')).stdout)).toEqual(five);
  });

  it('exits with 3 where policies that were predicted to be loved more were loved less', async () => {
    const contrary = { ...five, correlation: -0.9, interval: { low: -0.99, high: -0.1 } };
    expect(await heed('foresight', contrary)).toMatchObject({ code: 3 });
  });

  it('has what is predicted of policies that nobody has tried, whether past ones are too few or not', async () => {
    const candidates = [{ policy: 'new', predicted: 0.5 }];
    for (const answer of [
      { ...five, candidates },
      { ...unanswered, candidates },
    ])
      expect((await heed('foresight', answer)).stdout).toMatch(
        /without an observed rate:\npolicy +predicted +95 % by prompts\nnew +0\.500 +-$/m,
      );
  });

  it('says plainly that there are too few, which is no refusal', async () => {
    expect(await heed('foresight', unanswered)).toMatchObject({ code: 0, stdout: 'Too few to say.\n' });
  });

  it('asks with the answers of a file, packed or not, with blank lines or without', async () => {
    await heed('foresight', five, '--prompts', await file(line, '', line));
    expect(asked).toEqual([{ answers: [line, line] }]);
    await writeFile(join(folder, 'packed'), gzipSync(`${JSON.stringify(line)}\n`));
    await heed('foresight', five, '--prompts', 'packed');
    expect(asked).toEqual([{ answers: [line] }]);
  });

  it.each([
    ['a line that is no JSON', [line, '{"policy": '], /in\.jsonl, line 2: it is not JSON/],
    ['a line without a response', [line, '', { ...line, response: undefined }], /line 3: response: /],
    ['a robot', [{ ...line, context: [{ role: 'robot', text: '' }] }], /line 1: context\.0\.role: /],
    ['nothing', [''], /in\.jsonl: there is no line in it/],
  ])('refuses %s, and says which line and how it should be', async (_, lines, says) => {
    const { code, stdout } = await heed('foresight', five, '--json', '--prompts', await file(...lines));
    expect(JSON.parse(stdout)).toEqual({
      problem: {
        code: 'lines-not-read',
        title: expect.stringMatching(says) as string,
        remedy: expect.stringContaining('"policy": "small-2"') as string,
      },
    });
    expect(code).toBe(1);
    expect(asked).toEqual([]);
  });

  it('refuses a file that is not there, and one that is larger than a request may be', async () => {
    const { code, stderr } = await heed('foresight', five, '--prompts', 'none.jsonl');
    expect([code, stderr]).toEqual([1, expect.stringContaining('none.jsonl')]);
    await writeFile(join(folder, 'large'), '{}\n{}\n');
    const shell = {
      ...{ stdout: { write: () => undefined }, stderr: { write: () => undefined }, env: {}, cwd: folder },
      ...{ stdin: (async function* () {})(), userName: 'ada', programs: '/nowhere' },
    };
    expect(await fileLines(shell, 'large', '{}', 6)).toMatchObject({ values: [{}, {}], numbers: [1, 2] });
    await expect(fileLines(shell, 'large', '{}', 5)).rejects.toMatchObject({ code: 'file-too-large' });
  });
});

describe('heed adversaries', () => {
  const figures = (targetScore: number) => ({ targetLoveRate: 0.1, targetScore, auroc: 0.8 });
  const both = (capped: number, uncapped: number) => ({
    capped: figures(capped),
    uncapped: figures(uncapped),
  });
  const answer: AdversariesAnswer = {
    answered: true,
    target: 'the answers that the model thinks least of',
    ...{ turns: 1500, users: 200, judgedOn: 500 },
    honest: both(0.05, 0.06),
    rows: [
      { share: 0.01, adversaries: 2, ...both(0.1, 0.5) },
      { share: 0.05, adversaries: 10, capped: {}, uncapped: figures(0.8) },
    ],
    says: 'They move it.',
  };

  it('has how far they move it with the caps beside without', async () => {
    const { code, stdout } = await heed('adversaries', answer);
    expect(code).toBe(0);
    expect(stdout).toContain('Learned again from 1,500 turns of 200 users, judged on 500 later turns.');
    expect(stdout).toMatch(/^nobody +0\.050 +0\.060 +0\.800 +0\.800$/m);
    expect(stdout).toMatch(/^1 % of users: 2 +0\.100 +0\.500 +0\.800 +0\.800$/m);
    expect(stdout).toMatch(/^5 % of users: 10 +- +0\.800 +- +0\.800$/m);
    expect(JSON.parse((await heed('adversaries', answer, '--json')).stdout)).toEqual(answer);
  });

  it('asks about shares and a text', async () => {
    await heed('adversaries', answer, '--shares', '0.02, 0.1', '--containing', 'buy now');
    expect(asked).toEqual([{ shares: [0.02, 0.1], containing: 'buy now' }]);
  });

  it.each([
    ['--shares', '0.01,many', /--shares: expected numbers with commas between them, and not 0\.01,many/],
    ['--shares', '0.01,', /--shares: expected numbers with commas/],
    ['--shares', '0.7', /--shares: expected a share up to 0\.5/],
    ['--containing', '', /--containing: expected a text that answers contain/],
  ])('refuses %s %j', async (option, value, says) => {
    const { code, stderr } = await heed('adversaries', answer, option, value);
    expect(stderr).toMatch(says);
    expect(code).toBe(2);
    expect(asked).toEqual([]);
  });

  it('says why it cannot be asked', async () => {
    expect(await heed('adversaries', unanswered)).toMatchObject({ code: 0, stdout: 'Too few to say.\n' });
  });
});

describe('heed gaming', () => {
  const signs = {
    ...{ closingPhrases: 0.007, conversationEnds: 0, repetitionWithin: 0, repetitionBetween: 0.4 },
    ...{ pairwiseMeteor: 0.2, words: 12 },
  };
  const quiet: GamingAnswer = {
    answered: true,
    ...{ prompts: 400, answers: 3200, beside: 'base' },
    runs: [
      {
        best: 8,
        without: signs,
        rows: [
          { weight: 0.1, signs, tripped: [] },
          { weight: 0.3, signs: { ...signs, closingPhrases: 0.03 }, tripped: [] },
        ],
      },
    ],
    says: 'Nothing trips.',
  };
  const [run] = quiet.runs;
  const gamed: GamingAnswer = {
    ...quiet,
    runs: [
      {
        best: 8,
        without: signs,
        rows: (run?.rows ?? []).map((row) =>
          row.weight === 0.3 ? { ...row, tripped: ['closingPhrases' as const] } : row,
        ),
      },
    ],
    first: { best: 8, weight: 0.3, tripped: ['closingPhrases'] },
    says: 'At a weight of 0.3 it is being gamed.',
  };
  const line = {
    prompt: 'play',
    answers: [
      { text: 'Sure.', base: 1 },
      { text: 'Bye!', base: 0 },
    ],
  };

  it('has the signs at each weight, and exits with 0 where nothing trips', async () => {
    const { code, stdout } = await heed('gaming', quiet);
    expect(code).toBe(0);
    expect(stdout).toContain('400 prompts with 3,200 answers; weight 0 goes by their base alone');
    expect(stdout).toMatch(/^ +8 +0 +0\.7 % +0\.0 % +0\.0 % +40\.0 % +0\.200 +12\.0$/m);
    expect(stdout).toMatch(/Nothing trips\.\n$/);
    expect(asked).toEqual([{}]);
  });

  it('exits with 3 where one does, and says which and where', async () => {
    const { code, stdout } = await heed('gaming', gamed);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^ +8 +0\.3 +3\.0 % .* closing phrases$/m);
    expect(stdout).toMatch(/At a weight of 0\.3 it is being gamed\.\n$/);
    const json = await heed('gaming', gamed, '--json');
    expect([json.code, JSON.parse(json.stdout)]).toEqual([3, gamed]);
  });

  it('asks with candidates, weights and numbers of answers', async () => {
    const options = ['--candidates', await file(line), '--weights', '0.1,0.3', '--best', '2,8'];
    await heed('gaming', quiet, ...options);
    expect(asked).toEqual([{ pools: [line], weights: [0.1, 0.3], best: [2, 8] }]);
  });

  it.each([
    ['no answers', { ...line, answers: [] }, /line 2: answers: an answer at least/],
    [
      'a base of one',
      { ...line, answers: [...line.answers, { text: '' }] },
      /line 2: answers: a base for every/,
    ],
    ['no base', { ...line, answers: [{ text: '' }] }, /line 2: answers: a base .* those of the first differ/],
  ])('refuses a prompt with %s, and says which', async (_, wrong, says) => {
    const { code, stderr } = await heed('gaming', quiet, '--candidates', await file(line, wrong));
    expect(stderr).toMatch(says);
    expect(code).toBe(1);
  });

  it.each([
    ['--weights', '0', /--weights: expected a weight above 0/],
    ['--best', '2.5', /--best: expected a whole number/],
    ['--best', 'all', /--best: expected numbers with commas/],
  ])('refuses %s %s', async (option, value, says) => {
    const { code, stderr } = await heed('gaming', quiet, option, value);
    expect(stderr).toMatch(says);
    expect(code).toBe(2);
  });

  it('says why it cannot be asked', async () => {
    expect(await heed('gaming', unanswered)).toMatchObject({ code: 0, stdout: 'Too few to say.\n' });
  });
});

describe('heed objectives', () => {
  const answer: ObjectivesAnswer = {
    ...{ prompts: 2, beta: 0.1, constraints: [{ objective: 'safe', atLeast: 0.9 }] },
    rows: [
      { weights: {}, expected: { help: 0.5, love: 0.3 }, kl: 0, dominatedBy: [1] },
      { weights: { help: 1, love: 0.3 }, expected: { help: 0.7, love: 0.4 }, kl: 0.25, dominatedBy: [] },
    ],
  };
  const line = {
    prompt: 'play',
    candidates: [
      { text: 'Sure.', reference: 0.6, rewards: { help: 0.7, safe: 1 } },
      { text: 'No.', reference: 0.4, rewards: { help: 0.1, safe: 1 } },
    ],
  };
  const weights = ['--weights', 'help=1', '--weights', 'help=1, love=0.3'];

  it('has what each weighting gives, and which of them another beats', async () => {
    const options = [
      '--candidates',
      await file(line),
      ...weights,
      '--constraint',
      'safe=0.9',
      '--beta',
      '0.2',
    ];
    const { code, stdout } = await heed('objectives', answer, ...options);
    expect(code).toBe(0);
    expect(asked).toEqual([
      {
        prompts: [line],
        weightings: [{ help: 1 }, { help: 1, love: 0.3 }],
        constraints: [{ objective: 'safe', atLeast: 0.9 }],
        beta: 0.2,
      },
    ]);
    expect(stdout).toContain('dropped: safe of less than 0.9');
    expect(stdout).toMatch(/^ +1 +0\.500 +0\.300 +0\.000 +2$/m);
    expect(stdout).toMatch(/^ +2 {2}help=1,love=0\.3 +0\.700 +0\.400 +0\.250$/m);
    expect(JSON.parse((await heed('objectives', answer, ...options, '--json')).stdout)).toEqual(answer);
  });

  it.each([
    [['--weights', 'love'], /--weights love is not NAME=NUMBER/],
    [['--weights', 'love=much'], /--weights love=much is not NAME=NUMBER/],
    [['--weights', 'love=-1'], /--weights: expected .*0/],
    [[...weights, '--constraint', 'safe'], /--constraint safe is not NAME=NUMBER/],
    [[...weights, '--beta', '0'], /--beta: expected a number above 0/],
    [[], /--weights/],
  ])('refuses %j', async (options, says) => {
    const { code, stderr } = await heed('objectives', answer, '--candidates', await file(line), ...options);
    expect(stderr).toMatch(says);
    expect(code).toBe(2);
    expect(asked).toEqual([]);
  });

  it('refuses a line that says itself what is loved, and names it', async () => {
    const wrong = { ...line, candidates: [{ text: 'Sure.', rewards: { love: 1 } }] };
    const path = await file(line, wrong);
    const { code, stderr } = await heed('objectives', answer, '--candidates', path, ...weights);
    expect(stderr).toContain('in.jsonl, line 2: candidates.0.rewards: no love: that is what the model says');
    expect(code).toBe(1);
  });
});
