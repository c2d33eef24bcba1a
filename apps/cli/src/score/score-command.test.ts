import { MOST_TURNS_TO_SCORE, scoreLoveRequest } from '@heed/contract';
import type { AnsweredTurn } from '@heed/rewards';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fakeService } from '../testing/fake-service.ts';
import { pieces, runHeed, type CliRun } from '../testing/fake-shell.ts';
import { trainedModel } from '../testing/trained-model.ts';

const model = trainedModel();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-score-'));
  await writeFile(join(folder, 'love.onnx'), model.file);
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
      problem(4, /context\.0\.role/),
      problem(5, /response/),
      scored,
    ]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('2 turns scored, 3 lines could not be');
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

  it('asks the service for a live model, by its name, and leaves one turn that it does not take', async () => {
    const asked: string[] = [];
    const service = await fakeService({
      routes: {
        'POST /v1/score/love': (body) => {
          const { model: name = '', turns } = scoreLoveRequest.parse(JSON.parse(body));
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
          return { body: JSON.stringify({ model: 'love-1', scores }) };
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
});
