import { describe, expect, it } from 'vitest';
import { loveOrder, loveTurns } from '../training-run/love-turns.fixture.ts';
import { trainModel } from '../training-run/train-model.ts';
import { cardOf } from './card-of.ts';
import { cardPage } from './card-page.ts';
import { modelCard } from './model-card.ts';

const hostile = '<script>alert("x")</script>';
// So many users that nobody has more of it than one user may.
const turns = loveTurns(1200, { users: 1200 }).map((turn) => ({ ...turn, locale: hostile }));
const order = { ...loveOrder, rules: { ...loveOrder.rules, positive: ['love', hostile] } };
const card = cardOf(
  trainModel(turns, order),
  order,
  { sha256: 'ab'.repeat(32), bytes: 12, heedVersion: '0.1.0' },
  'love-abab',
);

describe('a card', () => {
  it('is JSON that says the same when it is read again', () => {
    expect(modelCard.parse(JSON.parse(JSON.stringify(card)))).toEqual(card);
  });

  it('names the worst segment, and every event behind the model', () => {
    const [worst] = card.evaluation.segments;
    expect(card.evaluation.worstSegment).toBe(`${worst?.by ?? ''} ${worst?.name ?? ''}`);
    expect(card.events.count).toBe(2400);
  });
});

describe('its page', () => {
  const page = cardPage(card);

  it('escapes whatever the log brought', () => {
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
    expect(page).not.toContain('<script');
  });

  it('tells what turns were, for later ones to be held against, and says so where an earlier Heed did not', () => {
    for (const name of ['unseen grams', ...card.features.numbers]) expect(page).toContain(`<td>${name}</td>`);
    expect(page).toContain('<td>surface</td><td>not said ');
    const { reference, ...earlier } = card;
    expect(reference?.turns).toBeGreaterThan(0);
    expect(cardPage(modelCard.parse(earlier))).toContain('An earlier Heed wrote this card');
  });

  it('shows the cap of one user, and what it took', () => {
    const { capped } = card;
    const shown = cardPage({ ...card, capped: { ...capped, user: 470, users: 3, mostOfUser: 17 } });
    expect(shown).toContain('17: 1 % of all that count or what the user in the middle gave, 5 at least');
    expect(shown).toMatch(/beyond what one user may have<\/\w+>\s*<\w+>470</);
    expect(shown).toMatch(/Users of whom some was capped<\/\w+>\s*<\w+>3</);
  });

  it('draws a dot for each bin of the reliability diagram', () => {
    expect(page.match(/<circle /g)).toHaveLength(card.evaluation.reliability.length);
    expect(page).toContain('class="ideal"');
  });

  it('has each figure of a segment with its interval, and none where an earlier Heed wrote none', () => {
    const [worst] = card.evaluation.segments;
    const loss = worst?.figures?.logLoss;
    const cell = `${loss?.value?.toFixed(3) ?? '-'} (${loss?.interval.low?.toFixed(3) ?? '-'} to ${loss?.interval.high?.toFixed(3) ?? '-'})`;
    expect(page).toContain(`<td>${cell}</td>`);
    const segments = card.evaluation.segments.map(({ figures, ...rest }) => {
      expect(Object.keys(figures ?? {})).toHaveLength(5);
      return rest;
    });
    const earlier = modelCard.parse({ ...card, evaluation: { ...card.evaluation, segments } });
    expect(cardPage(earlier)).not.toContain(cell);
  });

  it('has every figure, gate and segment', () => {
    for (const { gate } of card.gates) expect(page).toContain(gate);
    expect(page).toContain(card.file.sha256);
    expect(page).toContain(card.evaluation.auroc?.toFixed(3) ?? '-');
    expect(page).toContain('light dark');
  });
});
