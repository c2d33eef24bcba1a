import { tenantId } from '@heed/kernel';
import { modelCard, type ModelCard, type ModelFiles, type WrittenModel } from '@heed/rewards';
import { beforeAll, describe, expect, it } from 'vitest';

/** What every `ModelFiles` must do. The store is opened once; each test has a tenant of its own. */
export function modelFilesContract(name: string, open: () => Promise<ModelFiles>): void {
  describe(`${name} as ModelFiles`, () => {
    let files: ModelFiles;
    let tenants = 0;
    const aTenant = () => tenantId(`../tenant-${String(tenants++)}`);
    beforeAll(async () => {
      files = await open();
    });

    it('gives back what it kept, byte by byte', async () => {
      const tenant = aTenant();
      const model = exampleModel('love', 7);
      await files.keep(tenant, model);
      expect(await files.card(tenant, model.card.model)).toEqual(model.card);
      const file = await files.file(tenant, model.card.file.sha256);
      expect(file && [...file]).toEqual([...model.file]);
    });

    it('has nothing that it was not given, nor what another tenant gave it', async () => {
      const model = exampleModel('love', 7);
      await files.keep(aTenant(), model);
      const other = aTenant();
      expect(await files.card(other, model.card.model)).toBeNull();
      expect(await files.file(other, model.card.file.sha256)).toBeNull();
    });

    it('keeps the first card of a model', async () => {
      const tenant = aTenant();
      const model = exampleModel('love', 7);
      await files.keep(tenant, model);
      await files.keep(tenant, { ...model, card: { ...model.card, trainedAt: '2027-01-01T00:00:00.000Z' } });
      expect(await files.card(tenant, model.card.model)).toEqual(model.card);
    });

    it('gives a model another card when it is told to, and keeps its file', async () => {
      const tenant = aTenant();
      const model = exampleModel('love', 7);
      await files.keep(tenant, model);
      const anew = { ...model.card, trainedAt: '2027-01-01T00:00:00.000Z' };
      await files.renew(tenant, anew);
      expect(await files.card(tenant, model.card.model)).toEqual(anew);
      expect(await files.file(tenant, model.card.file.sha256)).not.toBeNull();
    });

    it('drops one model, and its file with the last that has it', async () => {
      const [tenant, neighbour] = [aTenant(), aTenant()];
      const [love, other] = [exampleModel('love', 7), exampleModel('other', 7)];
      for (const model of [love, other]) await files.keep(tenant, model);
      await files.keep(neighbour, love);
      await files.drop(tenant, love.card);
      await files.drop(tenant, love.card);
      expect(await files.card(tenant, love.card.model)).toBeNull();
      expect(await files.card(tenant, other.card.model)).toEqual(other.card);
      expect(await files.file(tenant, other.card.file.sha256)).not.toBeNull();
      await files.drop(tenant, other.card);
      expect(await files.file(tenant, other.card.file.sha256)).toBeNull();
      expect(await files.file(neighbour, love.card.file.sha256)).not.toBeNull();
    });

    it('removes all of a tenant, and nothing of another', async () => {
      const [tenant, other] = [aTenant(), aTenant()];
      const model = exampleModel('love', 7);
      await Promise.all([files.keep(tenant, model), files.keep(other, model)]);
      await files.remove(tenant);
      await files.remove(tenant);
      expect(await files.card(tenant, model.card.model)).toBeNull();
      expect(await files.file(tenant, model.card.file.sha256)).toBeNull();
      expect(await files.card(other, model.card.model)).toEqual(model.card);
      expect(await files.file(other, model.card.file.sha256)).not.toBeNull();
    });

    it('has models of two names over one file', async () => {
      const tenant = aTenant();
      const [love, other] = [exampleModel('love', 7), exampleModel('other', 7)];
      await Promise.all([files.keep(tenant, love), files.keep(tenant, other), files.keep(tenant, love)]);
      expect(await files.card(tenant, love.card.model)).toEqual(love.card);
      expect(await files.card(tenant, other.card.model)).toEqual(other.card);
    });
  });
}

/** A card that holds together, over some bytes that are no model. */
export function exampleModel(name: string, byte: number): WrittenModel {
  const file = new Uint8Array(5000).fill(byte);
  const at = '2026-02-01T00:00:00.000Z';
  const part = { n: 100, positives: 50, from: at, to: at };
  const interval = { low: 0.1, high: null };
  const sha256 = String(byte).repeat(64);
  const card: ModelCard = {
    card: 1,
    model: `${name}-${sha256.slice(0, 16)}`,
    name,
    purpose: 'love',
    trainedAt: at,
    verdict: 'refused',
    gates: [{ gate: 'calibrated', passed: false, measured: null, bound: 0.05, says: 'cannot be told' }],
    window: { from: at, to: at },
    counts: { turns: 1, reactions: 2, reactors: 3, users: 4, examples: 5, positives: 6, negatives: 7 },
    exposure: {
      positive: ['love'],
      negative: [],
      reactionTimeMs: 1,
      burst: 2,
      burstMs: 3,
      userShare: 0.01,
      userLeast: 4,
    },
    leftOut: { unanswered: 0, tooYoung: 0, ofNonReactors: 0, otherReactions: 0, torn: 0, capped: 0 },
    capped: { burst: 0, user: 0, users: 0, mostOfUser: 20 },
    parts: { fit: part, tune: part, test: part, straddling: 0 },
    sampling: { negatives: 1, ofNegatives: 2, correction: -0.7 },
    features: { version: 'grams-1', reading: 'answer', bags: ['a'], numbers: ['b'] },
    training: {
      seed: 1,
      strengths: [],
      strength: 0.1,
      passes: 1,
      epochs: [0.5, null],
      epoch: 0,
      calibration: 'platt',
      calibrations: { platt: 0.5, isotonic: null },
    },
    evaluation: {
      n: 100,
      positives: 50,
      auroc: 0.7,
      prAuc: 0.7,
      logLoss: 0.5,
      baseLogLoss: 0.7,
      ece: null,
      lengthAuroc: 0.5,
      lengthCorrelation: 0.1,
      overLength: 0.2,
      overBaseRate: 0.2,
      intervals: {
        auroc: interval,
        prAuc: interval,
        logLoss: interval,
        baseLogLoss: interval,
        ece: interval,
        lengthAuroc: interval,
        lengthCorrelation: interval,
        overLength: interval,
        overBaseRate: interval,
      },
      reliability: [],
      segments: [],
      worstSegment: null,
    },
    baselines: { baseRate: 0.5, length: { slope: 1, offset: 0 } },
    versions: { heed: '0.1.0', features: 'grams-1', card: 1 },
    file: { sha256, bytes: file.length },
    events: { count: 1, ids: ['e-1'] },
  };
  return { card: modelCard.parse(card), file };
}
