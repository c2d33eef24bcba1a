import { modelView } from '@heed/contract';
import { cloudEventOf, type CloudEvent } from '@heed/events';
import { modelCard, modelDrift, type ModelCard } from '@heed/rewards';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loveLog } from './love-log.ts';
import { importLog, jsonlFile } from './import-log.ts';
import { heed, heedJson, startService, type Service } from './run-heed.ts';

const START_MS = Date.UTC(2026, 1, 1);
const LATER_MS = Date.UTC(2026, 4, 1);
const THUMBS = ['--positive', 'thumbs-up', '--negative', 'thumbs-down'];
const first = loveLog({ answers: 2000, name: 'first', startMs: START_MS });

const folder = mkdtempSync(join(tmpdir(), 'heed-drift-'));
const at = ['--data', join(folder, 'data')];
let service: Service;

beforeAll(async () => {
  service = await startService(join(folder, 'data'));
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function importInto(tenant: string, name: string, events: readonly unknown[]): Promise<void> {
  await importLog(jsonlFile(folder, `${tenant}-${name}.jsonl`, events), tenant, at, service.url);
}

/** A live model of a log that is told, and the ways to look at it. */
async function liveModel(tenant: string): Promise<ModelCard> {
  await importInto(tenant, 'first', first);
  const page = join(folder, `${tenant}.html`);
  const card = await heedJson(modelCard, [
    ...['train', 'love', ...THUMBS, '--seed', '3', '--card', page, '--tenant', tenant, ...at],
  ]);
  expect(readFileSync(page, 'utf8')).toContain('<h2>What turns were</h2>');
  await heedJson(modelView, ['models', card.model, 'live', '--tenant', tenant, ...at]);
  return card;
}
const modelOf = (tenant: string) => heedJson(modelView, ['models', 'love', '--tenant', tenant, ...at]);
async function drift(tenant: string) {
  const { code, stdout } = await heed(['drift', 'love', '--json', '--tenant', tenant, ...at]);
  return { code, ...modelDrift.parse(JSON.parse(stdout)) };
}

describe('heed drift, when turns become others', () => {
  let card: ModelCard;
  beforeAll(async () => {
    card = await liveModel('moves');
  });

  it('cannot tell before enough has come', async () => {
    expect(await drift('moves')).toMatchObject({
      ...{ code: 0, verdict: 'cannot be told', turns: 0, since: card.window.to, stale: null },
    });
  });

  it('finds that a model holds while turns stay such as they were', async () => {
    await importInto('moves', 'alike', loveLog({ answers: 300, name: 'alike', startMs: LATER_MS, days: 6 }));
    expect(await drift('moves')).toMatchObject({
      ...{ code: 0, verdict: 'fresh', turns: 300, tooFew: [], stale: null },
    });
    expect(await modelOf('moves')).toMatchObject({ status: 'live', stale: null });
  });

  it('marks it stale once they do not, with what moved and by how much', async () => {
    const startMs = LATER_MS + 40 * 86_400_000;
    const shifted = loveLog({ answers: 2000, name: 'shifted', startMs, days: 6 });
    await importInto('moves', 'shifted', shifted.map(inGerman));
    const found = await drift('moves');
    expect(found).toMatchObject({ code: 3, verdict: 'stale', turns: 2000, stale: { because: 'drift' } });
    const moved = found.rows.filter(({ isStale }) => isStale).map(({ name }) => name);
    expect(moved).toEqual(expect.arrayContaining(['unseen grams', 'score']));
    // Where people are has not changed.
    expect(moved).not.toContain('locale');
    const { status, stale } = await modelOf('moves');
    expect(status).toBe('live');
    expect(stale).toMatchObject({ because: 'drift', who: 'heed:learner', why: found.says });
    expect(stale?.figures?.map(({ of }) => of)).toEqual(moved);
  });

  it('cannot tell by many turns of a few users', async () => {
    await liveModel('few');
    const shifted = loveLog({ answers: 600, name: 'few', startMs: LATER_MS, days: 6, users: 10 });
    await importInto('few', 'shifted', shifted.map(inGerman));
    expect(await drift('few')).toMatchObject({ code: 0, verdict: 'cannot be told', turns: 600, stale: null });
  });

  it('keeps the first reason, and says it again', async () => {
    const { stale } = await modelOf('moves');
    const again = await heed(['drift', 'love', '--tenant', 'moves', ...at]);
    expect(again.code).toBe(3);
    expect(again.stdout).toContain(`It is stale since ${stale?.at ?? '-'} (drift:`);
    expect((await modelOf('moves')).stale).toEqual(stale);
  });

  it('says which models there are not', async () => {
    const { code, stderr } = await heed(['drift', 'none', '--tenant', 'moves', ...at]);
    expect(code).toBe(1);
    expect(stderr).toContain('There is no model none');
  });
});

describe('heed drift, when reactions are taken back', () => {
  const ups = first.filter(({ data }) => kindOf(data) === 'thumbs-up');

  it('tells of how many turns that changed the label, and marks the model stale from a hundredth on', async () => {
    const { counts } = await liveModel('regrets');
    // The earliest count, whatever the caps leave out.
    const few = Math.ceil(counts.positives / 100) - 1;
    await importInto('regrets', 'few', ups.slice(0, few).map(takenBack));
    expect(await drift('regrets')).toMatchObject({
      ...{ code: 0, takenBack: { reactions: few, isStale: false, bound: 0.01 }, stale: null },
    });
    await importInto('regrets', 'again', ups.slice(0, 1).map(givenAgain));
    await importInto('regrets', 'more', ups.slice(few, few + 1).map(takenBack));
    expect(await drift('regrets')).toMatchObject({
      ...{ code: 0, stale: null },
      takenBack: { reactions: few + 1, isStale: false, classes: [{ of: 'positive', turns: few }, {}] },
    });
    await importInto('regrets', 'enough', ups.slice(few + 1, few + 2).map(takenBack));
    const found = await drift('regrets');
    expect(found).toMatchObject({
      code: 3,
      verdict: 'cannot be told',
      takenBack: { reactions: few + 2, isStale: true, classes: [{ of: 'positive', turns: few + 1 }, {}] },
      stale: { because: 'retraction' },
    });
    expect(await modelOf('regrets')).toMatchObject({
      status: 'live',
      stale: {
        because: 'retraction',
        why: found.takenBack.says,
        events: ups
          .slice(1, few + 2)
          .map(({ id }) => id)
          .toSorted(),
      },
    });
  });
});

/** The same reactions, places and times; other words. */
function inGerman(event: CloudEvent): CloudEvent {
  const turn = z.object({ turn: z.string(), user: z.string(), locale: z.string() });
  const parsed = turn.safeParse(event.data);
  if (!parsed.success) return event;
  const said = {
    request: { text: 'spiele etwas ruhiges' },
    response: { text: 'Gerne, ich lege gleich los.' },
  };
  return { ...event, data: { ...parsed.data, ...said } };
}

function takenBack(event: CloudEvent): CloudEvent {
  return laterReaction(event, `${event.id}-not`, { retracts: event.id });
}

function givenAgain(event: CloudEvent): CloudEvent {
  return laterReaction(event, `${event.id}-again`);
}

/** By the same user about the same turn. */
function laterReaction({ subject, source, data }: CloudEvent, id: string, more: object = {}): CloudEvent {
  const { turn, user, kind } = z.object({ turn: z.string(), user: z.string(), kind: z.string() }).parse(data);
  return cloudEventOf({
    ...{ session: subject, source, type: 'heed.reaction.v1', id, timeMs: LATER_MS },
    data: { turn, user, kind, ...more },
  });
}

function kindOf(data: unknown): string | undefined {
  return z.object({ kind: z.string() }).safeParse(data).data?.kind;
}
