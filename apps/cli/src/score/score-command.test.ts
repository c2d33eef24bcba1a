import { MOST_TURNS_TO_SCORE, scoreRequest, type ScoreLogReport } from '@heed/contract';
import type { AnsweredTurn } from '@heed/rewards';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fakeService } from '../testing/fake-service.ts';
import { pieces, runHeed, type CliRun } from '../testing/fake-shell.ts';
import { trainedModel } from '../testing/trained-model.ts';

const model = trainedModel();
const defect = trainedModel({ purpose: 'defect', reading: 'aftermath' });
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-score-'));
  await writeFile(join(folder, 'love.onnx'), model.file);
  // Called as a model is: it is not taken for one.
  await mkdir(join(folder, 'love'));
});
afterAll(() => rm(folder, { recursive: true }));

const turn = (response: string): AnsweredTurn => ({
  context: [{ role: 'user', text: 'play jazz' }],
  response,
});
const jsonl = (...lines: readonly unknown[]): Buffer =>
  Buffer.from(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));

function score(input: Buffer, ...argv: readonly string[]): Promise<CliRun> {
  return runHeed(['score', ...argv], { input, cwd: folder });
}

function answers({ stdout }: CliRun): readonly unknown[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}

describe('heed score', () => {
  it('says of each line, in their order, what the code that trained the file says', async () => {
    const turns = Array.from({ length: 3 * MOST_TURNS_TO_SCORE }, (_, n) =>
      turn(n % 3 === 0 ? `sorry no ${n}` : `sure playing ${n}`),
    );
    const run = await score(jsonl(...turns), 'love.onnx');
    const { logits, probabilities } = model.says(turns);
    expect(answers(run)).toEqual(
      Array.from(logits, (logit, at) => ({
        score: expect.closeTo(probabilities[at] ?? NaN, 5) as number,
        logit: expect.closeTo(logit, 4) as number,
      })),
    );
    expect(run.code).toBe(0);
    expect(run.stderr).toBe('heed: 768 turns scored\n');
  });

  it('answers a line that is no turn in its place, goes on, and exits with 1', async () => {
    const run = await score(
      jsonl(
        turn('sure'),
        '{"context": [',
        '',
        { context: [{ role: 'robot', text: '' }], response: '' },
        { context: [] },
        { response: 'sure' },
        turn('sorry'),
      ),
      'love.onnx',
      '--json',
    );
    const problem = (line: number, title: RegExp): unknown => ({
      line,
      problem: {
        code: 'no-turn',
        title: expect.stringMatching(title) as string,
        remedy: expect.stringContaining('"response"') as string,
      },
    });
    const scored = { score: expect.any(Number) as number, logit: expect.any(Number) as number };
    expect(answers(run)).toEqual([
      scored,
      problem(2, /not JSON/),
      problem(4, /^context\.0\.role: user or assistant$/),
      problem(5, /^response: the answer, a text$/),
      problem(6, /^context: a list of what was said before the answer, which may be empty$/),
      scored,
    ]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('2 turns scored, 4 lines could not be');
  });

  it('takes empty texts, and no lines at all', async () => {
    expect(answers(await score(jsonl({ context: [], response: '' }), 'love.onnx'))).toHaveLength(1);
    expect(await score(Buffer.alloc(0), 'love.onnx')).toMatchObject({ code: 0, stdout: '' });
  });

  it('reads no further than what was written is taken', async () => {
    const line = jsonl(turn('sure'));
    const lines = 300;
    let read = 0;
    async function* input(): AsyncGenerator<Buffer> {
      for (; read < lines; read++) yield* pieces(line, line.length);
    }
    let [waiting, most, written] = [false, 0, 0];
    const stdout = {
      get writableNeedDrain() {
        return waiting;
      },
      write(text: string) {
        written += text.split('\n').length - 1;
        most = Math.max(most, read - written);
        waiting = true;
      },
      once(_event: 'drain', listener: () => void) {
        // Whoever reads it is slow: turns of the event loop pass, in which a reader that does not wait would read on.
        const before = read;
        setImmediate(() => {
          most = Math.max(most, read - before);
          waiting = false;
          listener();
        });
      },
    };
    const run = await runHeed(['score', 'love.onnx'], { stdin: input(), stdout, cwd: folder });
    expect([run.code, written]).toEqual([0, lines]);
    expect(most).toBeLessThan(3);
  });

  it.each([
    ['cut short', (file: Buffer) => file.subarray(0, file.length / 2), 'model-truncated'],
    ['changed on the way', (file: Buffer) => withByteChanged(file), 'model-damaged'],
    ['of other features', (file: Buffer) => renamed(file, 'grams-1', 'grams-0'), 'model-features-differ'],
    ['of somebody else', (file: Buffer) => renamed(file, 'heed.purpose', 'else.purpose'), 'model-truncated'],
    ['that is none', () => Buffer.from('{"no": "model"}'), 'model-not-onnx'],
  ])('refuses a file of a defect model %s', async (_, broken, code) => {
    await writeFile(join(folder, 'broken.onnx'), broken(Buffer.from(defect.file)));
    const run = await score(jsonl(turn('sure')), 'broken.onnx', '--json');
    expect(JSON.parse(run.stdout)).toMatchObject({ problem: { code } });
    expect(run.code).toBe(1);
  });

  it.each([
    ['none.onnx', 'model-missing'],
    ['./', 'model-unreadable'],
  ])('says what is wrong with the model %s', async (name, code) => {
    const run = await score(jsonl(turn('sure')), name, '--json');
    expect(JSON.parse(run.stdout)).toMatchObject({ problem: { code } });
    expect(run.code).toBe(1);
  });

  it.each([
    ['defect', 'answer', /a defect model that reads the answer/],
    ['love', 'aftermath', /a love model that reads the aftermath/],
  ] as const)('refuses a %s model that reads the %s', async (purpose, reading, says) => {
    await writeFile(join(folder, 'other.onnx'), trainedModel({ purpose, reading }).file);
    const run = await score(jsonl(turn('sure')), 'other.onnx', '--json');
    expect(JSON.parse(run.stdout)).toMatchObject({
      problem: { code: 'model-purpose-differs', title: expect.stringMatching(says) as string },
    });
    expect(run.code).toBe(1);
  });

  it('has a defect model read what the user said and did next', async () => {
    await writeFile(join(folder, 'defect.onnx'), defect.file);
    const told = [
      {
        ...turn('sure'),
        next: 'no, jazz',
        behaviour: ['regenerated', 'edited'],
        pauseMs: 900,
        dwellMs: 4000,
      },
      { ...turn('sure'), next: null, behaviour: [] },
      { ...turn('sure') },
      { ...turn('sure'), turnsBefore: 12 },
    ];
    const { logits, probabilities } = defect.says([
      {
        ...turn('sure'),
        aftermath: {
          ...{ next: 'no, jazz', behaviour: ['regenerated', 'edited'] },
          ...{ pauseMs: 900, dwellMs: 4000, turnsBefore: 0 },
        },
      },
      { ...turn('sure'), aftermath: { next: '', behaviour: [] } },
      turn('sure'),
      { ...turn('sure'), aftermath: { next: '', behaviour: [], turnsBefore: 12 } },
    ]);
    const run = await score(jsonl(...told), 'defect.onnx');
    expect(answers(run)).toEqual(
      Array.from(logits, (logit, at) => ({
        score: expect.closeTo(probabilities[at] ?? NaN, 5) as number,
        logit: expect.closeTo(logit, 4) as number,
      })),
    );
    expect(new Set(logits).size).toBe(3);
    // What a model of love would be judged by is the answer alone.
    const [once, ...again] = answers(await score(jsonl(...told), 'love.onnx'));
    expect(again).toEqual([once, once, once]);
  });

  it.each([
    ['behaviour that is none', { behaviour: ['loved'] }, /^behaviour\.0: one of regenerated, copied, /],
    ['behaviour that is no list', { behaviour: 'copied' }, /^behaviour: a list/],
    ['next words that are none', { next: { text: 'no' } }, /^next: the next words/],
    ['a look of no length', { dwellMs: -1 }, /^dwellMs: a number from 0/],
  ])('says what is wrong with %s, and where', async (_, after, title) => {
    const run = await score(jsonl(turn('sure'), { ...turn('sure'), ...after }), 'love.onnx', '--json');
    expect(answers(run)[1]).toMatchObject({
      line: 2,
      problem: {
        code: 'no-turn',
        title: expect.stringMatching(title) as string,
        remedy: expect.stringContaining('"behaviour"') as string,
      },
    });
    expect(run.code).toBe(1);
  });

  it('asks the service for a live model, by its name, and leaves one turn that it does not take', async () => {
    const asked: string[] = [];
    const service = await fakeService({
      routes: {
        'POST /v1/score': (body) => {
          const { model: name, turns } = scoreRequest.parse(JSON.parse(body));
          asked.push(name);
          if (turns.some(({ response }) => response.length > 300_000))
            return {
              status: 413,
              body: JSON.stringify({
                type: 'urn:heed:problem:body-too-large',
                status: 413,
                code: 'body-too-large',
                title: 'Body too large',
                detail: 'The body is too large.',
                remedy: 'Send less.',
              }),
            };
          const scores = turns.map(({ response }) => ({ score: response.length, logit: 0 }));
          return { body: JSON.stringify({ model: 'love-1', purpose: 'love', scores }) };
        },
      },
    });
    onTestFinished(() => service.stop());
    const turns = [turn('a'), turn('x'.repeat(400_000)), turn('abc')];
    const run = await score(jsonl(...turns), 'love', '--url', service.url.href);
    expect(answers(run)).toEqual([
      { score: 1, logit: 0 },
      {
        line: 2,
        problem: { code: 'body-too-large', title: 'The body is too large.', remedy: 'Shorten its texts.' },
      },
      { score: 3, logit: 0 },
    ]);
    expect(run.code).toBe(1);
    expect(new Set(asked)).toEqual(new Set(['love']));
  });

  it('has the service score its log, and tells it by day and by what answered', async () => {
    const report: ScoreLogReport = {
      ...{ model: 'love-1', turns: 5, scored: 4, scoredNow: 3, leftOut: 1, waiting: 0, meanScore: 0.25 },
      byDay: [{ day: '2026-03-02', turns: 5, scored: 4, meanScore: 0.25 }],
      byPolicy: [{ responseModel: 'small', servedFix: '', scored: 4, meanScore: 0.25 }],
      seconds: 2,
    };
    const asked: unknown[] = [];
    const service = await fakeService({
      routes: {
        'POST /v1/train/models/love/score-log': (body) => {
          asked.push(JSON.parse(body));
          return { type: 'application/x-ndjson', body: `${JSON.stringify({ result: report })}\n` };
        },
      },
    });
    onTestFinished(() => service.stop());
    const argv = ['love', '--log', '--since', '2026-03-02', '--url', service.url.href];
    const { code, stdout } = await score(Buffer.alloc(0), ...argv);
    expect(code).toBe(0);
    expect(stdout).toMatch(/5 turns, 3 scored now, 1 before, 1 without an answer/);
    expect(stdout).toMatch(/2026-03-02 +5 +4 +0\.250/);
    expect(stdout).toMatch(/small +- +4 +0\.250/);
    expect(JSON.parse((await score(Buffer.alloc(0), ...argv, '--json')).stdout)).toEqual(report);
    expect(asked).toEqual([{ since: '2026-03-02' }, { since: '2026-03-02' }]);
  });

  it.each([
    ['turns of its own beside the log', ['love', '--log', '--input', 'turns.jsonl']],
    ['the log by a file', ['love.onnx', '--log']],
    ['days without the log', ['love', '--since', '2026-03-02']],
    ['a day that is none', ['love', '--log', '--since', 'monday']],
  ])('refuses %s', async (_, argv) => {
    expect(await score(Buffer.alloc(0), ...argv)).toMatchObject({ code: 2 });
  });
});

/** In the middle of its graph. */
function withByteChanged(file: Buffer): Buffer {
  const at = Math.floor(file.length / 2);
  file.writeUInt8(file.readUInt8(at) ^ 1, at);
  return file;
}

/** As long as before. */
function renamed(file: Buffer, from: string, to: string): Buffer {
  return Buffer.from(file.toString('latin1').replaceAll(from, to), 'latin1');
}
