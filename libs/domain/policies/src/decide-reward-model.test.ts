import { tenantId } from '@heed/kernel';
import { deciderSpec } from '@heed/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRewardModel } from './decide-reward-model.ts';
import { evolveRewardModel, initialRewardModels } from './evolve-reward-model.ts';
import { trainedModel } from './reward-model.fixture.ts';
import {
  modelId,
  type RewardModel,
  type RewardModelCommand,
  type RewardModelEvent,
  type RewardModelLine,
  type RewardModelRefusal,
  type StaleReason,
  type TrainedModel,
} from './reward-model.ts';

const spec = deciderSpec({
  decide: decideRewardModel,
  evolve: evolveRewardModel,
  initialState: initialRewardModels,
});

const learner = { atMs: 1000, who: 'learner', why: 'trained on 40 000 turns' };
const ada = { atMs: 2000, who: 'ada', why: 'read the card' };
const heed = { atMs: 3000, who: 'heed', why: 'a user was forgotten' };
const erased: StaleReason = { because: 'erasure', events: ['erasure-1'] };
const missed = { gate: 'calibrated', passed: false, says: 'error is 0.081: it must be below 0.050' };

const one = trainedModel('1');
const two = trainedModel('2');
const bad = trainedModel('3', { gates: [...one.gates.slice(0, 1), missed] });

const train = (model: TrainedModel): RewardModelCommand => ({ kind: 'train', model, ...learner });
const training = (model: TrainedModel): readonly RewardModelEvent[] => {
  const { card, gates, ...facts } = model;
  const verdict = gates.every(({ passed }) => passed) ? 'passed' : 'refused';
  return [
    { kind: 'model-trained', model: facts, ...learner },
    { kind: 'model-evaluated', id: model.id, card, gates, ...learner },
    { kind: 'model-gated', id: model.id, verdict, ...learner },
  ];
};
const live = (of: TrainedModel): RewardModelEvent => ({ kind: 'model-went-live', id: of.id, ...ada });
const retired = (of: TrainedModel): RewardModelEvent => ({ kind: 'model-retired', id: of.id, ...ada });
const stale = (of: TrainedModel): RewardModelEvent => ({
  kind: 'model-went-stale',
  id: of.id,
  reason: erased,
  ...heed,
});
const superseded = (of: TrainedModel, by: TrainedModel): RewardModelEvent => ({
  kind: 'model-superseded',
  id: of.id,
  ...ada,
  why: `${by.id} went live under the same name`,
});
const told = (kind: 'live' | 'retire', of: TrainedModel): RewardModelCommand => ({ kind, id: of.id, ...ada });
const after = (history: readonly RewardModelEvent[]): readonly RewardModel[] => {
  const line = history.reduce(evolveRewardModel, initialRewardModels);
  return line.status === 'none' ? [] : line.models;
};
const refusalOf = (history: readonly RewardModelEvent[], command: RewardModelCommand): RewardModelRefusal => {
  const decided = decideRewardModel(command, history.reduce(evolveRewardModel, initialRewardModels));
  if (decided.ok) throw new Error(`${command.kind} was not refused`);
  return decided.error;
};

describe('a training that ended', () => {
  it('is recorded with what the gates said, and puts nothing live', () => {
    spec.given([]).when(train(one)).then(training(one));
    expect(after(training(one))).toMatchObject([
      { id: one.id, status: 'passed', gates: one.gates, stale: null },
    ]);
  });

  it('is refused by one gate that it did not pass, and what is live stays live', () => {
    spec
      .given([...training(one), live(one)])
      .when(train(bad))
      .then(training(bad));
    expect(after([...training(one), live(one), ...training(bad)]).map(({ status }) => status)).toEqual([
      'live',
      'refused',
    ]);
  });

  it.each([
    ['passed', []],
    ['live', [live(one)]],
    ['superseded', [live(one), ...training(two), superseded(one, two), live(two)]],
    ['retired', [retired(one)]],
  ] as const)('with the file of a %s model leaves it as it is', (_, events) => {
    const again = { ...one, trainedAtMs: 9000, card: 'd'.repeat(64), gates: [missed] };
    spec
      .given([...training(one), ...events])
      .when(train(again))
      .then([]);
  });

  it.each([
    ['passed', [], 'passed'],
    ['live', [live(one)], 'live'],
    ['retired', [retired(one)], 'retired'],
  ] as const)('with the file of a stale %s model makes it fresh again', (_, events, status) => {
    const history = [...training(one), ...events, stale(one)];
    const gates = [{ ...missed, passed: true }];
    const again = { ...one, card: 'd'.repeat(64), gates };
    const renewed = { kind: 'model-renewed', id: one.id, card: again.card, gates, ...learner } as const;
    spec.given(history).when(train(again)).then([renewed]);
    expect(after([...history, renewed])).toMatchObject([{ status, stale: null, card: again.card, gates }]);
  });

  it('with the file of a stale model is judged by what the gates say now', () => {
    const history = [...training(one), stale(one)];
    const gates = [missed];
    const renewed = { kind: 'model-renewed', id: one.id, card: one.card, gates, ...learner } as const;
    spec
      .given(history)
      .when(train({ ...one, gates }))
      .then([renewed]);
    expect(after([...history, renewed])).toMatchObject([{ status: 'refused', stale: null }]);
    expect(refusalOf([...history, renewed], told('live', one)).code).toBe('model-refused');
  });

  it('with the file of a stale model says anew from where on a turn failed, or that nothing does', () => {
    const defect = { ...one, besideRules: { replacesRules: true, threshold: 0.4 } };
    const { card, gates, besideRules, ...facts } = defect;
    const first = [
      { kind: 'model-trained', model: facts, ...learner },
      { kind: 'model-evaluated', id: one.id, card, gates, besideRules, ...learner },
      { kind: 'model-gated', id: one.id, verdict: 'passed', ...learner },
    ] as const;
    spec.given([]).when(train(defect)).then(first);
    const higher = { replacesRules: true, threshold: 0.6 };
    const renewed = { kind: 'model-renewed', id: one.id, card, gates, ...learner } as const;
    spec
      .given([...first, stale(one)])
      .when(train({ ...defect, besideRules: higher }))
      .then([{ ...renewed, besideRules: higher }]);
    expect(after([...first, stale(one), { ...renewed, besideRules: higher }])).toMatchObject([
      { besideRules: higher },
    ]);
    expect(after([...first, stale(one), renewed])).toMatchObject([{ besideRules: undefined }]);
  });

  it('that missed an erasure is stale from the beginning, and makes no stale model fresh', () => {
    const late = { ...train(one), missed: { ...erased, ...heed } };
    spec
      .given([])
      .when(late)
      .then([...training(one), stale(one)]);
    spec
      .given(training(one))
      .when(late)
      .then([stale(one)]);
    spec
      .given([...training(one), stale(one)])
      .when(late)
      .then([]);
  });

  it.each([
    ['a name that cannot stand in an address', trainedModel('1', { name: 'Love me' }), 'model-name-invalid'],
    ['an id that does not follow from name and file', { ...one, id: two.id }, 'model-id-mismatch'],
    ['no gates at all', { ...one, gates: [] }, 'model-not-judged'],
  ] as const)('with %s is refused', (_, model, code) => {
    spec.given([]).when(train(model)).thenRefused(code);
  });

  it('for another purpose, or from another tenant, cannot take the name', () => {
    spec
      .given(training(one))
      .when(train({ ...two, purpose: 'defect' }))
      .thenRefused('model-name-taken');
    spec
      .given(training(one))
      .when(train({ ...two, tenant: tenantId('other') }))
      .thenRefused('model-name-taken');
  });

  it('whose file begins as another one did is refused, and the earlier model is untouched', () => {
    const twin = { ...one, version: `${one.version.slice(0, 16)}${'f'.repeat(48)}` };
    spec.given(training(one)).when(train(twin)).thenRefused('model-id-mismatch');
  });
});

describe('a model told to go live', () => {
  it('does, when it passed its gates', () => {
    spec
      .given(training(one))
      .when(told('live', one))
      .then([live(one)]);
  });

  it('takes the place of the one before, which goes first', () => {
    spec
      .given([...training(one), live(one), ...training(two)])
      .when(told('live', two))
      .then([superseded(one, two), live(two)]);
  });

  it('comes back when it was superseded or retired, as a way back', () => {
    const history = [...training(one), live(one), ...training(two), superseded(one, two), live(two)];
    spec
      .given(history)
      .when(told('live', one))
      .then([superseded(two, one), live(one)]);
    spec
      .given([...training(one), retired(one)])
      .when(told('live', one))
      .then([live(one)]);
  });

  it('that is live changes nothing, stale or not', () => {
    spec
      .given([...training(one), live(one), stale(one)])
      .when(told('live', one))
      .then([]);
  });

  it('is refused for good when a gate refused it, which is named with what it said', () => {
    const refusal = refusalOf(training(bad), told('live', bad));
    expect(refusal.code).toBe('model-refused');
    expect(refusal.message).toContain('calibrated (error is 0.081: it must be below 0.050)');
    expect(refusal.message).not.toContain('better-than-length');
    spec
      .given([...training(bad), retired(bad)])
      .when(told('live', bad))
      .thenRefused('model-refused');
  });

  it('is refused when it is stale, and told since when and why', () => {
    const refusal = refusalOf([...training(one), stale(one)], told('live', one));
    expect(refusal.code).toBe('model-stale');
    expect(refusal.message).toContain('1970-01-01T00:00:03.000Z (erasure: a user was forgotten)');
  });

  it.each(['live', 'retire'] as const)('to %s that nobody trained is unknown', (kind) => {
    spec
      .given(training(one))
      .when({ kind, id: modelId('love-0'), ...ada })
      .thenRefused('model-unknown');
    spec.given([]).when(told(kind, one)).thenRefused('model-unknown');
  });
});

describe('a model told to retire', () => {
  it.each([
    ['passed', training(one), one],
    ['refused', training(bad), bad],
    ['live', [...training(one), live(one)], one],
  ] as const)('does when it is %s, and nothing takes its place', (_, history, model) => {
    spec
      .given(history)
      .when(told('retire', model))
      .then([retired(model)]);
    expect(after([...history, retired(model)])).toMatchObject([{ status: 'retired' }]);
  });

  it('again changes nothing', () => {
    spec
      .given([...training(one), retired(one)])
      .when(told('retire', one))
      .then([]);
  });
});

describe('a model that went stale', () => {
  const markStale: RewardModelCommand = { kind: 'mark-stale', id: one.id, reason: erased, ...heed };

  it('keeps its status and says why', () => {
    spec
      .given([...training(one), live(one)])
      .when(markStale)
      .then([stale(one)]);
    const [model] = after([...training(one), live(one), stale(one)]);
    expect(model).toMatchObject({ status: 'live', stale: { ...erased, ...heed } });
    expect(model?.history.at(-1)).toEqual({ status: 'live', stale: true, ...heed });
  });

  it('says the first reason, and no second', () => {
    const drifted: StaleReason = {
      because: 'drift',
      figures: [{ of: 'score', measured: 0.31, bound: 0.25 }],
    };
    spec
      .given([...training(one), stale(one)])
      .when({ ...markStale, reason: drifted })
      .then([]);
  });
});

describe('whatever is commanded in whatever order', () => {
  const files = [one, two, bad];
  const command = fc.oneof(
    fc.constantFrom(...files).map(train),
    fc
      .record({ kind: fc.constantFrom('live' as const, 'retire' as const), of: fc.constantFrom(...files) })
      .map(({ kind, of }) => told(kind, of)),
    fc
      .constantFrom(...files)
      .map(({ id }): RewardModelCommand => ({ kind: 'mark-stale', id, reason: erased, ...heed })),
  );

  it('at most one model is live after each event, none that was refused, and none goes live stale', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        let line: RewardModelLine = initialRewardModels;
        for (const each of commands) {
          const decided = decideRewardModel(each, line);
          for (const event of decided.ok ? decided.value : []) {
            const before = line.status === 'none' ? [] : line.models;
            if (event.kind === 'model-went-live')
              expect(before.find(({ id }) => id === event.id)?.stale).toBeNull();
            line = evolveRewardModel(line, event);
            const serving =
              line.status === 'none' ? [] : line.models.filter(({ status }) => status === 'live');
            expect(serving.length).toBeLessThanOrEqual(1);
            expect(serving.map(({ id }) => id)).not.toContain(bad.id);
          }
        }
      }),
      { seed: 5 },
    );
  });

  it('the same command again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 20 }), (commands) => {
        let line: RewardModelLine = initialRewardModels;
        for (const each of commands) {
          const decided = decideRewardModel(each, line);
          if (!decided.ok) continue;
          line = decided.value.reduce(evolveRewardModel, line);
          expect(decideRewardModel(each, line)).toEqual({ ok: true, value: [] });
        }
      }),
      { seed: 6 },
    );
  });
});

describe('a history', () => {
  it('that tells of a model nobody trained is a fault, not a model', () => {
    expect(() => evolveRewardModel(initialRewardModels, live(one))).toThrow(
      /'model-went-live' of love-1{16}/,
    );
  });

  it('that trains one model twice is a fault', () => {
    expect(() => after([...training(one), ...training(one)])).toThrow(/trained twice/);
  });
});
