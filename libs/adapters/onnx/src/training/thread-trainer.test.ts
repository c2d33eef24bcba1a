import { eventId, Fault, seededRandom, sessionId, tenantId, turnId, userId } from '@heed/kernel';
import {
  DEFAULT_EXPOSURE,
  modelCard,
  type ObservedTurn,
  type TrainingOrder,
  type TrainingProgress,
} from '@heed/rewards';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { onThread } from './on-thread.ts';
import { ThreadTrainer } from './thread-trainer.ts';
import { writeModel } from './write-model.ts';

const order: TrainingOrder = {
  tenant: tenantId('acme'),
  name: 'love',
  purpose: 'love',
  reading: 'answer',
  rules: { ...DEFAULT_EXPOSURE, positive: ['love'], negative: ['angry'] },
  seed: 7,
  trainedAtMs: 1,
};

function turnsOf(count: number, name: string, startMs: number): readonly ObservedTurn[] {
  const random = seededRandom(5);
  return Array.from({ length: count }, (_, n) => {
    const isKind = random.chance(0.5);
    const isLoved = random.chance(isKind ? 0.92 : 0.08);
    const atMs = startMs + n * 3_600_000;
    return {
      turn: turnId('t0'),
      event: eventId(`${name}-${String(n)}`),
      session: sessionId(`${name}-${String(n)}`),
      atMs,
      user: userId(`u-${String(n % 200)}`),
      context: [{ role: 'user', text: 'hello' }],
      response: `${isKind ? 'sure' : 'sorry'}, number ${String(random.below(50))}`,
      reactions: [
        { event: eventId(`${name}-r-${String(n)}`), kind: isLoved ? 'love' : 'angry', atMs: atMs + 1 },
      ],
    };
  });
}

const turns = turnsOf(800, 'first', Date.UTC(2026, 0, 1));
const later = turnsOf(200, 'later', Date.UTC(2026, 6, 1));

async function* some(own: readonly ObservedTurn[], atOnce = 100): AsyncGenerator<readonly ObservedTurn[]> {
  for (let from = 0; from < own.length; from += atOnce)
    yield await Promise.resolve(own.slice(from, from + atOnce));
}

const trainer = new ThreadTrainer('0.1.0');
const quietly = { progress: () => undefined, signal: new AbortController().signal };

describe('a training thread', () => {
  it('writes the very file that would be written without it, and tells how far it is', async () => {
    const steps: TrainingProgress[] = [];
    const watch = { ...quietly, progress: (step: TrainingProgress) => steps.push(step) };
    const { card, file } = await trainer.train(some(turns), order, watch);
    const here = writeModel(turns, order, '0.1.0');
    const { questions, ...asWritten } = card;
    expect(asWritten).toEqual(here.card);
    // The card is to be the same, letter by letter, when it was kept and is read again: its hash is recorded.
    expect(JSON.stringify(modelCard.parse(JSON.parse(JSON.stringify(card))))).toBe(JSON.stringify(card));
    expect(questions?.adversaries).toMatchObject({ answered: true });
    expect(questions?.foresight).toMatchObject({ answered: false });
    expect(Buffer.compare(file, here.file)).toBe(0);
    expect(createHash('sha256').update(file).digest('hex')).toBe(card.file.sha256);
    expect(steps.map(({ step }) => step)).toEqual(
      expect.arrayContaining(['reading turns', 'strength 0.1', 'epoch 1', 'judging']),
    );
  });

  it('judges a model on later turns by the file that serves', async () => {
    const model = writeModel(turns, order, '0.1.0');
    const figures = await trainer.evaluate(some([...turns, ...later]), model, quietly);
    expect(figures).toMatchObject({ model: model.card.model, n: 200, trainedOn: 800 });
    expect(figures.auroc).toBeGreaterThan(0.85);
  });

  it('holds turns against those that a model was trained on, by the file that serves', async () => {
    const model = writeModel(turns, order, '0.1.0');
    const { signal } = quietly;
    expect(await trainer.drift(later, model, signal)).toMatchObject({ verdict: 'fresh', tooFew: [] });
    const sorry = later.map((turn) => ({ ...turn, response: turn.response.replace('sure', 'sorry') }));
    const { verdict, rows } = await trainer.drift(sorry, model, signal);
    expect(verdict).toBe('stale');
    expect(rows.filter(({ isStale }) => isStale).map(({ name }) => name)).toContain('score');
    await expect(trainer.drift(later, model, AbortSignal.abort(new Error('enough')))).rejects.toThrow(
      'enough',
    );
  });

  it('hands on what is missing', async () => {
    await expect(trainer.train(some(turns.slice(0, 50)), order, quietly)).rejects.toMatchObject({
      code: 'training-few-examples',
      remedy: expect.stringContaining('200 of either') as string,
    });
  });

  it.each(['reading turns', 'reading texts', 'strength 0.3', 'epoch 1'])(
    'ends when it is told to, at "%s"',
    async (at) => {
      const stop = new AbortController();
      const gone = new Fault('work-cut-short', 'The caller went.', 'Run it again.');
      const progress = ({ step }: TrainingProgress): void => {
        if (step === at) stop.abort(gone);
      };
      await expect(trainer.train(some(turns), order, { progress, signal: stop.signal })).rejects.toBe(gone);
    },
  );

  it('refuses more turns than it could hold, at the first that is too many', async () => {
    let given = 0;
    async function* counted(): AsyncGenerator<readonly ObservedTurn[]> {
      for await (const own of some(turns)) {
        given += own.length;
        yield own;
      }
    }
    const small = new ThreadTrainer('0.1.0', { mostTurns: 250 });
    await expect(small.train(counted(), order, quietly)).rejects.toMatchObject({
      code: 'training-too-many-turns',
      message: expect.stringContaining('more than 250 turns') as string,
    });
    expect(given).toBe(300);
  });

  it('that runs out of memory is told so, and ends nothing else', async () => {
    async function* endless(): AsyncGenerator<readonly ObservedTurn[]> {
      for (;;)
        yield await Promise.resolve(turns.map((turn) => ({ ...turn, response: 'word '.repeat(2000) })));
    }
    const small = new ThreadTrainer('0.1.0', { heapMiB: 64 });
    await expect(small.train(endless(), order, quietly)).rejects.toMatchObject({
      code: 'training-out-of-memory',
      message: expect.stringContaining('64 MiB') as string,
    });
    expect((await trainer.train(some(turns), order, quietly)).card.counts.turns).toBe(800);
  });

  it('hands its model over before it asks anything', async () => {
    const told: string[] = [];
    const watch = { ...quietly, progress: ({ step }: TrainingProgress) => told.push(step) };
    const result = await onThread({ kind: 'train', order, heedVersion: '0.1.0', encoders: [] }, some(turns), {
      ...{ watch, limits: { mostTurns: 1000, heapMiB: 1024 } },
      entry: new URL('./training-worker.ts', import.meta.url),
      written: ({ card }) => told.push(card.model),
    });
    expect(told.slice(-5)).toEqual([
      'judging',
      result.kind === 'trained' && result.card.model,
      'asking whether predictions come true',
      'asking who can move it',
      'asking whether it would be gamed',
    ]);
  });

  it.each([
    ['hungry', 'The questions took more than the 96 MiB of memory that a training may have.'],
    ['mistaken', "The questions were cut off by a mistake of Heed's own, which its log names."],
    ['exiting', "The questions were cut off by a mistake of Heed's own, which its log names."],
  ])('that ends once its model is written leaves the model: %s', async (name, why) => {
    const warned = Promise.withResolvers<Error>();
    const listen = (warning: Error): void => {
      if (warning.message.startsWith('All questions of a new model failed')) warned.resolve(warning);
    };
    process.on('warning', listen);
    const entry = new URL('./ending-worker.fixture.ts', import.meta.url);
    const ending = new ThreadTrainer('0.1.0', { heapMiB: 96, entry });
    const { card, file } = await ending.train(some(turns), { ...order, name }, quietly);
    const here = writeModel(turns, { ...order, name }, '0.1.0');
    const { questions, ...asWritten } = card;
    expect(asWritten).toEqual(here.card);
    expect(Buffer.compare(file, here.file)).toBe(0);
    expect(JSON.stringify(modelCard.parse(JSON.parse(JSON.stringify(card))))).toBe(JSON.stringify(card));
    for (const ask of ['foresight', 'adversaries', 'gaming'] as const)
      expect(questions?.[ask]).toEqual({
        answered: false,
        why: `${why} The model is whole. Ask again: heed ${ask} ${card.model}.`,
      });
    const { message } = await warned.promise;
    process.off('warning', listen);
    expect(message).not.toContain('a user wrote this');
  });

  it('keeps no model that nobody waits for while it is asked about', async () => {
    const stop = new AbortController();
    const gone = new Fault('work-cut-short', 'The caller went.', 'Run it again.');
    const progress = ({ step }: TrainingProgress): void => {
      if (step === 'asking who can move it') stop.abort(gone);
    };
    await expect(trainer.train(some(turns), order, { progress, signal: stop.signal })).rejects.toBe(gone);
  });

  it('fails as its turns do', async () => {
    async function* broken(): AsyncGenerator<readonly ObservedTurn[]> {
      yield await Promise.resolve(turns);
      throw new Fault('warehouse-closed', 'It is closed.', 'Start it.');
    }
    await expect(trainer.train(broken(), order, quietly)).rejects.toMatchObject({ code: 'warehouse-closed' });
  });
});
