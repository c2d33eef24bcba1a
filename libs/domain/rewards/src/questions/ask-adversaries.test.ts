import { eventId, sessionId, userId } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import { loveTurns } from '../training-run/love-turns.fixture.ts';
import { askAdversaries } from './ask-adversaries.ts';
import type { AdversariesAnswer } from './model-answers.ts';
import { questionedLog } from './questioned-log.ts';
import { questionedModel } from './questioned-model.fixture.ts';

const turns = loveTurns(1500);
const { card } = questionedModel(turns);
const log = questionedLog(turns, card);

type Answered = Extract<AdversariesAnswer, { readonly answered: true }>;
function answered(answer: AdversariesAnswer): Answered {
  if (!answer.answered) throw new Error(answer.why);
  return answer;
}

/** By how much each share of adversaries raises the score of what they love. */
function moved({ honest, rows }: Answered, by: 'capped' | 'uncapped'): readonly number[] {
  return rows.map((row) => (row[by].targetScore ?? NaN) - (honest[by].targetScore ?? NaN));
}

describe('askAdversaries', () => {
  const answer = answered(askAdversaries(log, card));

  it('finds that who loves the least loved answers on purpose moves less with the caps than without', () => {
    expect(answer.target).toBe('the answers that the model thinks least of');
    expect(answer.rows.map(({ share }) => share)).toEqual([0.001, 0.01, 0.05]);
    const [capped, uncapped] = [moved(answer, 'capped'), moved(answer, 'uncapped')];
    for (const [n, by] of uncapped.entries()) expect(by).toBeGreaterThan(capped[n] ?? NaN);
    expect(uncapped[2]).toBeGreaterThan(0.2);
    // Nobody wants these answers, and the model of honest users knows.
    expect(answer.honest.capped.targetScore).toBeLessThan(0.15);
    expect(answer.honest.capped.auroc).toBeGreaterThan(0.85);
  });

  it('is asked of so many turns as were before those that the model is judged on', () => {
    expect(answer.turns).toBe(log.learned.length);
    expect(answer.judgedOn).toBe(log.heldOut.length);
    expect(answer.rows.map(({ adversaries }) => adversaries)).toEqual(
      [0.001, 0.01, 0.05].map((share) => Math.ceil(share * answer.users)),
    );
  });

  it('is the same again', () => {
    expect(askAdversaries(log, card)).toEqual(answer);
  });

  it('takes shares and a text that is loved, in whatever case', () => {
    const asked = answered(askAdversaries(log, card, { shares: [0.05, 0.02], containing: 'SORRY, NO' }));
    expect(asked.target).toBe('answers with the text asked for');
    expect(asked.rows.map(({ share }) => share)).toEqual([0.02, 0.05]);
    const [capped, uncapped] = [moved(asked, 'capped'), moved(asked, 'uncapped')];
    for (const [n, by] of uncapped.entries()) expect(by).toBeGreaterThan(capped[n] ?? NaN);
    expect(asked.says).toContain('2.0 % of users');
  });

  it('says when no answer has the text', () => {
    expect(askAdversaries(log, card, { containing: 'nobody says that' })).toEqual({
      answered: false,
      why: expect.stringMatching(/0 of \d+ sampled answers to learn from are such, and 0 of/) as string,
    });
  });

  it('has no least loved answers where all are alike', () => {
    const alike = turns.map((turn) => ({ ...turn, response: 'Here you go.', context: [] }));
    expect(askAdversaries(questionedLog(alike, card), card)).toEqual({
      answered: false,
      why: expect.stringContaining('thinks the same of all answers') as string,
    });
  });

  it('cannot ask of one user alone, nor of too few of either class, and says what it takes', () => {
    const ofOne = turns.map((turn) => ({ ...turn, user: userId('u-1') }));
    for (const own of [ofOne, turns.slice(0, 60), turns.filter(({ response }) => response.startsWith('So'))])
      expect(askAdversaries(questionedLog(own, card), card)).toEqual({
        answered: false,
        why: expect.stringContaining('it takes 50 of either class, 10 users') as string,
      });
  });

  it('reads a part of a large log, whole users of it', () => {
    const large = questionedLog(loveTurns(6000, { users: 1000 }), questionedModel(loveTurns(6000)).card);
    const asked = answered(askAdversaries(large, card));
    expect(asked.turns).toBeLessThanOrEqual(1500);
    expect(asked.turns).toBeGreaterThan(1400);
    expect(asked.judgedOn).toBeLessThanOrEqual(500);
    const [capped, uncapped] = [moved(asked, 'capped'), moved(asked, 'uncapped')];
    expect(uncapped[2]).toBeGreaterThan(capped[2] ?? NaN);
  });

  it('caps users of a sample as in the whole log', () => {
    // Of 12 000 reactions a hundredth is more than an adversary of this question loves.
    const many = loveTurns(12_000, { users: 600 });
    const large = questionedLog(many, questionedModel(loveTurns(1500)).card);
    const sparse = { ...card.exposure, burst: 1000 };
    const asked = answered(askAdversaries(large, { ...card, exposure: sparse }, { shares: [0.05] }));
    expect(large.mostOfUser).toBeGreaterThan(50);
    // Then no cap binds, and both ways learn the same.
    expect(asked.turns).toBeLessThanOrEqual(1500);
    expect(asked.rows[0]?.capped).toEqual(asked.rows[0]?.uncapped);
  });

  it('starts without the caps from all that users said', () => {
    // One user loves two hundred answers in a row, most of them beyond the caps.
    const [first = fail()] = turns;
    const eager = Array.from({ length: 200 }, (_, n): ObservedTurn => ({
      ...first,
      event: eventId(`eager-${String(n)}`),
      session: sessionId('eager'),
      user: userId('u-eager'),
      atMs: first.atMs + n,
      reactions: [
        {
          event: eventId(`eager-love-${String(n)}`),
          kind: 'love',
          atMs: first.atMs + n,
          user: userId('u-eager'),
        },
      ],
    }));
    const own = questionedLog([...turns, ...eager], card);
    expect(own.learned.length).toBeLessThan(log.learned.length + 100);
    const asked = answered(askAdversaries(own, card, { containing: first.response }));
    expect(asked.turns).toBeGreaterThanOrEqual(log.learned.length + 200 - 5);
    expect(asked.honest.uncapped.targetLoveRate).toBeGreaterThan(
      (asked.honest.capped.targetLoveRate ?? NaN) + 0.02,
    );
  });
});

function fail(): never {
  throw new Error('there are turns');
}
