import { describe, expect, it } from 'vitest';
import { loveOrder, loveTurns } from '../training-run/love-turns.fixture.ts';
import { trainModel } from '../training-run/train-model.ts';
import { cardOf } from './card-of.ts';
import { cardPage } from './card-page.ts';
import { modelCard } from './model-card.ts';

const hostile = '<script>alert("x")</script>';
const turns = loveTurns(1200).map((turn) => ({ ...turn, locale: hostile }));
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

  it('draws a dot for each bin of the reliability diagram', () => {
    expect(page.match(/<circle /g)).toHaveLength(card.evaluation.reliability.length);
    expect(page).toContain('class="ideal"');
  });

  it('has every figure, gate and segment', () => {
    for (const { gate } of card.gates) expect(page).toContain(gate);
    expect(page).toContain(card.file.sha256);
    expect(page).toContain(card.evaluation.auroc?.toFixed(3) ?? '-');
    expect(page).toContain('light dark');
  });
});
