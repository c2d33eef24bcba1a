import { describe, expect, it } from 'vitest';
import { withQuestions } from '../questions/ask-model.ts';
import type { CardQuestions } from '../questions/model-answers.ts';
import { ofPolicies } from '../questions/policy-turns.fixture.ts';
import { questionedModel } from '../questions/questioned-model.fixture.ts';
import { loveTurns } from '../training-run/love-turns.fixture.ts';
import { adversariesSvg } from './adversaries-svg.ts';
import { cardPage } from './card-page.ts';
import { foresightSvg } from './foresight-svg.ts';
import { questionsSections } from './questions-page.ts';

const hostile = '<script>p</script>';
const turns = ofPolicies(loveTurns(1500), 5).map((turn) =>
  turn.answeredBy === 'p-2' ? { ...turn, answeredBy: hostile } : turn,
);
const { card, score } = questionedModel(turns);
const { questions, ...rest } = await withQuestions(
  turns,
  card,
  score,
  () => undefined,
  (ask) => {
    throw new Error(`${ask} failed`);
  },
);
if (questions === undefined) throw new Error('the card has questions');
const page = questionsSections(questions).join('\n');

describe('the questions on the page of a card', () => {
  it('has a section each', () => {
    expect(page.match(/<h2>[^<]*/g)).toEqual([
      '<h2>Whether its predictions come true',
      '<h2>Who can move it',
      '<h2>Whether it would be gamed',
    ]);
    expect(cardPage({ ...rest, questions })).toContain(page);
  });

  it('draws policies and adversaries, and has a row for each weight', () => {
    const { foresight, adversaries, gaming } = questions;
    if (!foresight.answered || !adversaries.answered || !gaming.answered) throw new Error('all are answered');
    expect(page.match(/<circle /g)).toHaveLength(foresight.policies.length + 2 * adversaries.rows.length);
    const rows = gaming.runs.reduce((sum, { rows: own }) => sum + 1 + own.length, 0);
    expect(page.match(/METEOR[^]*$/)?.[0].match(/<tr><td>/g)).toHaveLength(rows);
    expect(page).toContain(`Predicted on ${String(foresight.prompts)} prompts that all of them answered.`);
  });

  it('escapes the names of policies', () => {
    expect(page).toContain('&lt;script&gt;p&lt;/script&gt;');
    expect(page).not.toContain('<script');
  });

  it('names the tripwires that fire, where they do', () => {
    const { gaming } = questions;
    if (!gaming.answered) throw new Error('it is answered');
    const tripped: CardQuestions['gaming'] = {
      ...gaming,
      runs: gaming.runs.map((run) => ({
        ...run,
        rows: run.rows.map((row) => ({ ...row, tripped: ['closingPhrases', 'words'] })),
      })),
    };
    expect(questionsSections({ ...questions, gaming: tripped }).join('\n')).toContain(
      '<td>closing phrases, length in words</td>',
    );
  });

  it('tells policies that are left out', () => {
    const { foresight } = questions;
    if (!foresight.answered) throw new Error('it is answered');
    const without = questionsSections({ ...questions, foresight: { ...foresight, leftOut: ['p-8', 'p-9'] } });
    expect(without.join('\n')).toContain('Left out, with too few rated answers: p-8, p-9.');
  });

  it('says why where there is no answer, and draws nothing', () => {
    const why = { answered: false as const, why: 'Too few <policies>.' };
    const none = questionsSections({ foresight: why, adversaries: why, gaming: why }).join('\n');
    expect(none.match(/<p>Too few &lt;policies&gt;\.<\/p>/g)).toHaveLength(3);
    expect(none).not.toContain('<svg');
  });

  it('says of a card of an earlier Heed that it did not ask', () => {
    expect(questionsSections(undefined).join('')).toContain('An earlier Heed wrote this card');
  });
});

/** Numbers of an attribute, in the order they are drawn in. */
function numbers(svg: string, attribute: string): readonly number[] {
  return [...svg.matchAll(new RegExp(`<circle[^>]* ${attribute}="([^"]*)"`, 'g'))].map(([, text]) =>
    Number(text),
  );
}

describe('foresightSvg', () => {
  const policies = (...pairs: readonly (readonly [number, number])[]) =>
    pairs.map(([predicted, observed], n) => ({
      policy: `p-${String(n)}`,
      predicted,
      observed,
      examples: 40,
    }));

  it('has who was predicted more to the right, and who was loved more above', () => {
    const svg = foresightSvg(policies([0.2, 0.3], [0.5, 0.1], [0.8, 0.9]));
    const [x, y] = [numbers(svg, 'cx'), numbers(svg, 'cy')];
    expect(x).toEqual(x.toSorted((a, b) => a - b));
    expect(y[1]).toBeGreaterThan(y[0] ?? NaN);
    expect(y[0]).toBeGreaterThan(y[2] ?? NaN);
  });

  it.each([
    ['all alike', policies([0, 0], [0, 0], [0, 0])],
    ['at the ends', policies([0, 1], [1, 0], [1, 1])],
  ])('stays within its frame: %s', (_, own) => {
    const svg = foresightSvg(own);
    for (const at of [...numbers(svg, 'cx'), ...numbers(svg, 'cy')]) {
      expect(at).toBeGreaterThanOrEqual(40);
      expect(at).toBeLessThanOrEqual(280);
    }
  });
});

describe('adversariesSvg', () => {
  const row = (share: number, capped: number | undefined, uncapped: number | undefined) => ({
    ...{ share, adversaries: 1 },
    capped: { ...(capped !== undefined && { targetScore: capped }) },
    uncapped: { ...(uncapped !== undefined && { targetScore: uncapped }) },
  });
  const honest = { capped: { targetScore: 0.1 }, uncapped: { targetScore: 0.2 } };

  it('has a dot with the caps and one without for each share, as far as they moved', () => {
    const svg = adversariesSvg({ honest, rows: [row(0.001, 0.1, 0.3), row(0.05, 0.2, 1)] });
    expect(numbers(svg, 'cx')).toEqual([103, 169, 136, 400]);
    expect(svg.match(/class="without"/g)).toHaveLength(2);
    expect(svg).toContain('>0.1 %<');
    expect(svg).toContain('>5 %<');
  });

  it('draws none for what is not known', () => {
    const svg = adversariesSvg({ honest: { capped: {}, uncapped: {} }, rows: [row(0.01, undefined, 0.4)] });
    expect(numbers(svg, 'cx')).toEqual([202]);
    expect(svg).not.toContain('NaN');
    expect(svg).not.toContain('class="ideal"');
  });
});
