import { eventId, tenantId, type TenantId } from '@heed/kernel';
import type { LogWindow, Reading, ScoredLog, ScoredSession, SessionToScore } from '@heed/rewards';
import type { ChainEnd, DerivedSession, SessionStore } from '@heed/sessions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainSession } from './chain-session.ts';

export interface ScoredLogUnderTest {
  readonly scored: ScoredLog;
  /** Where the sessions are put that are scored. */
  readonly sessions: SessionStore;
  readonly close?: () => Promise<void>;
}

/** What every `ScoredLog` must do. The store is opened once; each test has a tenant of its own. */
export function scoredLogContract(name: string, open: () => Promise<ScoredLogUnderTest>): void {
  describe(`${name} as a ScoredLog`, () => {
    let opened: ScoredLogUnderTest;
    let tenants = 0;
    const aTenant = (): TenantLog => new TenantLog(opened, tenantId(`scored-tenant-${String(tenants++)}`));
    beforeAll(async () => {
      opened = await open();
    }, 60_000);
    afterAll(async () => {
      await opened.close?.();
    });

    it('gives every turn with what was known when it was answered, and null for one that was not', async () => {
      const log = aTenant();
      await log.put({ session: 'a', answers: ['yes', ''] }, { session: 'b', answers: ['no'] });
      expect(await log.unscored('m')).toEqual([
        {
          session: 'a',
          said: expect.any(String) as string,
          turns: [{ context: [{ role: 'user', text: 'q0' }], response: 'yes' }, null],
        },
        {
          session: 'b',
          said: expect.any(String) as string,
          turns: [{ context: [{ role: 'user', text: 'q0' }], response: 'no' }],
        },
      ]);
      expect(await log.size()).toBe(2);
    });

    it('gives what is scored no more, to that model', async () => {
      const log = aTenant();
      await log.put({ session: 'a', answers: ['yes'] }, { session: 'b', answers: ['no'] });
      const [first] = await log.unscored('m');
      await log.keep('m', first);
      expect((await log.unscored('m')).map(({ session }) => session)).toEqual(['b']);
      expect(await log.unscored('other')).toHaveLength(2);
      await log.keep('m', ...(await log.unscored('m')));
      expect(await log.unscored('m')).toEqual([]);
      expect(await log.looked('m')).toBe(2);
    });

    it('is no different when the same scores are kept again', async () => {
      const log = aTenant();
      await log.put({ session: 'a', answers: ['yes', 'no'] });
      const sessions = await log.unscored('m');
      await log.keep('m', ...sessions);
      const once = await log.scores('m');
      await log.keep('m', ...sessions);
      expect(await log.scores('m')).toEqual(once);
    });

    it('gives a session again in which another answer stands by now, and counts its old scores no more', async () => {
      const log = aTenant();
      await log.put({ session: 'a', answers: ['yes', 'no'] }, { session: 'b', answers: ['yes'] });
      await log.keep('m', ...(await log.unscored('m')));
      await log.put({ session: 'a', answers: ['yes', 'never'] });
      const again = await log.unscored('m');
      expect(again.map(({ session, turns }) => [session, turns[1]?.response])).toEqual([['a', 'never']]);
      expect(await log.scores('m')).toMatchObject({ turns: 3, scored: 1, waiting: 2 });
      await log.keep('m', ...again);
      expect(await log.scores('m')).toMatchObject({ turns: 3, scored: 3, waiting: 0 });
    });

    it('keeps scores where a session was derived again and says the same', async () => {
      const log = aTenant();
      await log.put({ session: 'a', answers: ['yes'] });
      await log.keep('m', ...(await log.unscored('m')));
      await log.put({ session: 'a', answers: ['yes'], end: 'success' });
      expect(await log.unscored('m')).toEqual([]);
      expect(await log.scores('m')).toMatchObject({ scored: 1, waiting: 0 });
    });

    it('gives a model that reads it what was said and done next, and again once something else was done', async () => {
      const log = aTenant();
      const [session, answers] = ['a', ['yes', 'no']] as const;
      await log.put({ session, answers, copied: 1 }, { session: 'b', answers });
      const after = await log.unscored('after', {}, 'aftermath');
      expect(after.map(({ turns }) => turns[0]?.aftermath)).toEqual([
        expect.objectContaining({ next: 'q1', behaviour: ['copied'], turnsBefore: 0 }),
        expect.objectContaining({ next: 'q1', behaviour: [], turnsBefore: 0 }),
      ]);
      const before = await log.unscored('before');
      expect(before.map(({ turns }) => turns[0])).toEqual([
        { context: [{ role: 'user', text: 'q0' }], response: 'yes' },
        { context: [{ role: 'user', text: 'q0' }], response: 'yes' },
      ]);
      await log.keep('after', ...after);
      await log.keep('before', ...before);
      expect(await log.unscored('after', {}, 'aftermath')).toEqual([]);
      await log.put({ session, answers, copied: 2 });
      expect(await log.unscored('before')).toEqual([]);
      expect(await log.scores('before')).toMatchObject({ scored: 4, waiting: 0 });
      expect((await log.unscored('after', {}, 'aftermath')).map((one) => one.session)).toEqual(['a']);
      expect(await log.scores('after')).toMatchObject({ turns: 4, scored: 2, waiting: 2, leftOut: 0 });
      await log.keep('after', ...(await log.unscored('after', {}, 'aftermath')));
      expect(await log.scores('after')).toMatchObject({ scored: 4, waiting: 0 });
    });

    it('tells turns and mean scores by day and by what answered, of the window alone', async () => {
      const log = aTenant();
      await log.put(
        { session: 'a', answers: ['1', '33'], day: '2026-03-02', by: 'small' },
        { session: 'b', answers: ['55555', ''], day: '2026-03-03', by: 'small' },
        { session: 'c', answers: ['7777777'], day: '2026-03-03', by: 'large' },
        { session: 'd', answers: ['999'], day: '2026-03-04', by: 'large' },
      );
      await log.keep('m', ...(await log.unscored('m', { until: '2026-03-04' })));
      expect(await log.scores('m')).toEqual({
        turns: 6,
        scored: 4,
        leftOut: 1,
        waiting: 1,
        meanScore: expect.closeTo(0.15 / 4, 9) as number,
        byDay: [
          { day: '2026-03-02', turns: 2, scored: 2, meanScore: expect.closeTo(0.015, 9) as number },
          { day: '2026-03-03', turns: 3, scored: 2, meanScore: expect.closeTo(0.06, 9) as number },
          { day: '2026-03-04', turns: 1, scored: 0, meanScore: null },
        ],
        byPolicy: [policy('small', 3, 0.08 / 3), policy('large', 1, 0.07)],
      });
      const third = { since: '2026-03-03', until: '2026-03-04' };
      expect(await log.size(third)).toBe(2);
      expect(await log.scores('m', third)).toMatchObject({
        turns: 3,
        scored: 2,
        byDay: [{ day: '2026-03-03' }],
      });
      expect(await log.scores('other', third)).toMatchObject({ scored: 0, meanScore: null, byPolicy: [] });
    });

    it('keeps nothing of a session that is gone', async () => {
      const log = aTenant();
      await log.put({ session: 'a', answers: ['yes'] });
      const [a] = await log.unscored('m');
      await log.keep('m', a, a && { ...a, session: 'gone' });
      await log.put({ session: 'gone', answers: ['yes'] });
      expect((await log.unscored('m')).map(({ session }) => session)).toEqual(['gone']);
    });

    it('knows nothing of what another tenant said', async () => {
      const [log, other] = [aTenant(), aTenant()];
      await log.put({ session: 'a', answers: ['yes'] });
      await log.keep('m', ...(await log.unscored('m')));
      await other.put({ session: 'a', answers: ['yes'] });
      expect(await other.unscored('m')).toHaveLength(1);
      expect(await other.scores('m')).toMatchObject({ scored: 0, waiting: 1 });
    });
  });
}

function policy(responseModel: string, scored: number, meanScore: number) {
  return { responseModel, servedFix: '', scored, meanScore: expect.closeTo(meanScore, 9) as number };
}

interface Sketch {
  readonly session: string;
  /** Of each turn; '' for none. */
  readonly answers: readonly string[];
  readonly day?: string;
  readonly by?: string;
  readonly end?: ChainEnd;
  /** How many times the first answer was copied. */
  readonly copied?: number;
}

class TenantLog {
  readonly #stores: ScoredLogUnderTest;
  readonly #tenant: TenantId;
  #version = 0;

  constructor(stores: ScoredLogUnderTest, tenant: TenantId) {
    this.#stores = stores;
    this.#tenant = tenant;
  }

  async put(...sketches: readonly Sketch[]): Promise<void> {
    const version = ++this.#version;
    await this.#stores.sessions.apply({
      filed: [],
      deadLetters: [],
      derived: sketches.map((sketch) => ({ tenant: this.#tenant, version, session: sessionOf(sketch) })),
    });
  }

  async unscored(
    model: string,
    window: LogWindow = {},
    reading: Reading = 'answer',
  ): Promise<readonly SessionToScore[]> {
    const unscored: SessionToScore[] = [];
    for await (const piece of this.#stores.scored.read(this.#tenant, model, window, reading))
      unscored.push(...piece.unscored);
    return unscored;
  }

  /** How many sessions reading looked at. */
  async looked(model: string): Promise<number> {
    let looked = 0;
    for await (const { sessions } of this.#stores.scored.read(this.#tenant, model, {}, 'answer'))
      looked += sessions;
    return looked;
  }

  /** With a hundredth of each answer's length for its score. */
  keep(model: string, ...sessions: readonly (SessionToScore | undefined)[]): Promise<void> {
    return this.#stores.scored.keep(
      this.#tenant,
      model,
      sessions.filter((one) => one !== undefined).map(scoredByLength),
    );
  }

  scores(model: string, window: LogWindow = {}) {
    return this.#stores.scored.scores(this.#tenant, model, window);
  }

  size(window: LogWindow = {}): Promise<number> {
    return this.#stores.scored.size(this.#tenant, window);
  }
}

function scoredByLength({ session, said, turns }: SessionToScore): ScoredSession {
  const scores = turns.map((turn) =>
    turn === null ? null : { probability: turn.response.length / 100, logit: -1 },
  );
  return { session, said, scores };
}

function sessionOf({ session, answers, day, by, end = 'unlabelled', copied = 0 }: Sketch): DerivedSession {
  const states = answers.map((_, place) => `q${String(place)}`);
  const derived = chainSession({ session, states, end, ...(day !== undefined && { day }) });
  return {
    ...derived,
    turns: derived.turns.map((turn, place) => ({
      ...turn,
      ...(answers[place] !== '' && { response: answers[place] ?? '' }),
      ...(by !== undefined && { responseModel: by }),
      ...(place === 0 && {
        signals: Array.from({ length: copied }, (_, n) => ({
          ...{ event: eventId(`copied-${String(n)}`), kind: 'behaviour.copied', atMs: turn.atMs + 1 + n },
        })),
      }),
    })),
  };
}
