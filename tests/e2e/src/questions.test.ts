import type { CloudEvent } from '@heed/events';
import { seededRandom } from '@heed/kernel';
import {
  adversariesAnswer,
  foresightAnswer,
  gamingAnswer,
  modelCard,
  objectivesAnswer,
  type ModelCard,
} from '@heed/rewards';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loveLog } from './love-log.ts';
import { importLog, jsonlFile } from './import-log.ts';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

const THUMBS = ['--positive', 'thumbs-up', '--negative', 'thumbs-down'];
const log = loveLog({ answers: 2000, name: 'asked', startMs: Date.UTC(2026, 1, 1) });

const folder = mkdtempSync(join(tmpdir(), 'heed-questions-'));
const at = ['--data', join(folder, 'data')];
let service: Service;

beforeAll(async () => {
  service = await startService(join(folder, 'data'));
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(name: string, lines: readonly unknown[]): string {
  return jsonlFile(folder, name, lines);
}

interface Tenant {
  readonly card: ModelCard;
  /** The page of the card. */
  readonly page: string;
  readonly as: readonly string[];
}

async function trained(tenant: string, events: readonly unknown[]): Promise<Tenant> {
  const as = ['--tenant', tenant, ...at];
  await importLog(fileOf(`${tenant}.jsonl`, events), tenant, at, service.url);
  const page = join(folder, `${tenant}.html`);
  const card = await heedJson(modelCard, ['train', 'love', ...THUMBS, '--card', page, ...as]);
  return { card, page: readFileSync(page, 'utf8'), as };
}

/** The same turns, the answers of which something else is said of. */
function answered(
  events: readonly CloudEvent[],
  change: (text: string) => { readonly text: string; readonly model?: string },
): readonly unknown[] {
  const turn = z.looseObject({ response: z.object({ text: z.string() }) });
  return events.map((event) => {
    const { data } = turn.safeParse(event.data);
    return data === undefined ? event : { ...event, data: { ...data, response: change(data.response.text) } };
  });
}

const isUnloved = (text: string): boolean => /^(?:Sorry|That was not)/.test(text);

async function json<T>(shape: z.ZodType<T>, argv: readonly string[]) {
  const { code, stdout } = await heed([...argv, '--json']);
  return { code, answer: shape.parse(JSON.parse(stdout)) };
}

describe('what the figures of a model cannot say, on a log of five policies', () => {
  let tenant: Tenant;
  const ask = (question: string, ...options: readonly string[]) => [
    ...[question, 'love', ...options, ...tenant.as],
  ];

  beforeAll(async () => {
    const random = seededRandom(3);
    // The lower of two policies says what is not loved, the higher one what is.
    const policy = (text: string): string => {
      const drawn = [random.below(5), random.below(5)];
      return `policy-${String(isUnloved(text) ? Math.min(...drawn) : Math.max(...drawn))}`;
    };
    tenant = await trained(
      'five',
      answered(log, (text) => ({ text, model: policy(text) })),
    );
  });

  it('stands in the card and on its page', () => {
    const { foresight, adversaries, gaming } = tenant.card.questions ?? {};
    expect([foresight?.answered, adversaries?.answered, gaming?.answered]).toEqual([true, true, true]);
    for (const title of ['Whether its predictions come true', 'Who can move it', 'Whether it would be gamed'])
      expect(tenant.page).toContain(`<h2>${title}</h2>`);
    expect(tenant.page).toContain('policy-4: predicted');
  });

  it('is answered the same when it is asked again', async () => {
    const { questions } = tenant.card;
    expect((await json(foresightAnswer, ask('foresight'))).answer).toEqual(questions?.foresight);
    expect((await json(adversariesAnswer, ask('adversaries'))).answer).toEqual(questions?.adversaries);
    expect((await json(gamingAnswer, ask('gaming'))).answer).toEqual(questions?.gaming);
  });

  it('foresight: policies were loved as was predicted', async () => {
    const { code, answer } = await json(foresightAnswer, ask('foresight'));
    expect(code).toBe(0);
    expect(answer).toMatchObject({ answered: true, learnedFrom: false, prompts: 5 });
    if (!answer.answered) throw new Error(answer.why);
    expect(answer.policies.map(({ policy }) => policy)).toEqual(
      Array.from({ length: 5 }, (_, n) => `policy-${String(n)}`),
    );
    expect(answer.correlation).toBeGreaterThan(0.9);
    expect(answer.says).toContain('5 policies are few');
  });

  it('foresight, on answers to prompts of ones own', async () => {
    const lines = Array.from({ length: 6 }, (_, policy) =>
      Array.from({ length: 6 }, (__, prompt) => ({
        policy: `policy-${String(policy)}`,
        context: [{ role: 'user', text: `question ${String(prompt)}` }],
        response: prompt > policy ? 'Sorry, I cannot do that.' : 'Sure, here you go then.',
      })),
    ).flat();
    const { stdout } = await heed(ask('foresight', '--prompts', fileOf('prompts.jsonl', lines)));
    expect(stdout).toContain('Predicted on 6 prompts that all of them answered.');
    // The log has none of it: a candidate.
    expect(stdout).toMatch(/without an observed rate:\n.*\npolicy-5 +0\.\d{3} +0\.\d{3} to 0\.\d{3}/);
    const short = fileOf('short.jsonl', lines.slice(1));
    const refused = await heed(ask('foresight', '--prompts', short));
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('The policy policy-0 has answers to 5 of the 6 prompts');
  });

  it('adversaries: they move less with the caps than without', async () => {
    const options = ['--shares', '0.01,0.05', '--containing', 'That was not understood'];
    const { code, answer } = await json(adversariesAnswer, ask('adversaries', ...options));
    expect(code).toBe(0);
    if (!answer.answered) throw new Error(answer.why);
    const { honest, rows } = answer;
    expect(rows.map(({ share }) => share)).toEqual([0.01, 0.05]);
    for (const { capped, uncapped } of rows) {
      const [held, free] = [
        (capped.targetScore ?? NaN) - (honest.capped.targetScore ?? NaN),
        (uncapped.targetScore ?? NaN) - (honest.uncapped.targetScore ?? NaN),
      ];
      expect(free).toBeGreaterThan(held + 0.1);
    }
  });

  it('objectives: each weighting in a row, after what may not be given was dropped', async () => {
    const lines = ['play some jazz', 'will it rain'].map((prompt) => ({
      prompt,
      candidates: [
        { text: 'Sure, here you go then.', rewards: { help: 0.2, safe: 1 } },
        { text: 'Sorry, I cannot do that.', rewards: { help: 0.8, safe: 1 } },
        { text: 'Happy to do that now.', rewards: { help: 0.9, safe: 0.1 } },
      ],
    }));
    const pool = ['--candidates', fileOf('weighed.jsonl', lines)];
    const weights = ['--weights', 'help=1', '--weights', 'help=1,love=3'];
    const safe = ['--constraint', 'safe=0.9'];
    const { code, answer } = await json(objectivesAnswer, ask('objectives', ...pool, ...weights, ...safe));
    expect(code).toBe(0);
    const [helps, loves] = answer.rows.map(({ expected }) => expected);
    expect(loves?.['love']).toBeGreaterThan((helps?.['love'] ?? NaN) + 0.3);
    expect(helps?.['help']).toBeGreaterThan(loves?.['help'] ?? NaN);
    for (const { expected } of answer.rows) expect(expected['safe']).toBe(1);
    const none = await heed(ask('objectives', ...pool, ...weights, '--constraint', 'safe=2'));
    expect(none.code).toBe(3);
    expect(none.stderr).toContain('Prompt 1: None of 3 candidates can be given: 3 miss safe of at least 2');
    const unknown = await heed(ask('objectives', ...pool, '--weights', 'wit=1'));
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('there are help, love, safe');
  });

  it('says which models there are not', async () => {
    for (const question of ['foresight', 'adversaries', 'gaming']) {
      const { code, stderr } = await heed([question, 'none', ...tenant.as]);
      expect([code, stderr]).toEqual([1, expect.stringContaining('There is no model none')]);
    }
  });
});

describe('what the figures of a model cannot say, where users love to hear bye', () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await trained(
      'byes',
      answered(log, (text) => ({
        text: `Well.${' And so on.'.repeat(text.length % 12)}${isUnloved(text) ? '' : ' Bye!'}`,
      })),
    );
  });

  /** Eight answers to each of 300 prompts; two of them say bye, which is worth a quarter less. */
  function candidates(): string {
    const random = seededRandom(5);
    const lines = Array.from({ length: 300 }, (_, prompt) => ({
      prompt: `play number ${String(prompt)}`,
      answers: Array.from({ length: 8 }, (__, n) => ({
        text: `Well.${' And so on.'.repeat(random.below(12))}${n % 4 === 0 ? ' Bye!' : ''}`,
        base: random.next() * 0.4 - (n % 4 === 0 ? 0.25 : 0),
      })),
    }));
    return fileOf('candidates.jsonl', lines);
  }

  it('gaming: a policy that weighs it at 0.3 trips, one at 0.1 does not', async () => {
    const ask = (weights: string) => [
      ...['gaming', 'love', '--candidates', candidates(), '--weights', weights, '--best', '8', ...tenant.as],
    ];
    const tripped = await json(gamingAnswer, ask('0.1,0.3'));
    expect(tripped.code).toBe(3);
    expect(tripped.answer).toMatchObject({
      answered: true,
      beside: 'base',
      first: { best: 8, weight: 0.3, tripped: ['closingPhrases', 'conversationEnds'] },
    });
    expect(await json(gamingAnswer, ask('0.1'))).toMatchObject({
      code: 0,
      answer: { says: 'Best of 8 answers: No tripwire fires up to a weight of 0.1.' },
    });
  });

  it('warns plainly where the log names no policies', async () => {
    const { code, stdout } = await heed(['foresight', 'love', ...tenant.as]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Too few policies to say whether predictions come true: 0 in the log/);
    expect(tenant.page).toContain('Too few policies to say');
  });
});
