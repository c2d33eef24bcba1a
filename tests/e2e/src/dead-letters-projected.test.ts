import { seededRandom, tenantId, type SeededRandom } from '@heed/kernel';
import { afterEach, describe, expect, it } from 'vitest';
import { deadLetterRig, MINUTE_MS, RIG_STARTS_MS, RIG_TENANT, type Rig } from './dead-letter-rig.ts';

const HOUR = { waitMs: 60 * MINUTE_MS, perSession: 1000 };

let rig: Rig;
afterEach(async () => {
  await rig.close();
});

describe('an event whose turn is not there', () => {
  it('waits: stored, counted as waiting, and no dead letter', async () => {
    rig = await deadLetterRig(HOUR);
    await rig.send([turn('t-1', 's'), like('early', 's', 't-2')]);
    expect(await rig.account()).toMatchObject({
      accepted: 2,
      stored: 2,
      waiting: 1,
      deadLettered: 0,
      balanced: true,
    });
    expect(await rig.reader.deadLetters(RIG_TENANT, 10)).toMatchObject({ total: 0, waiting: 1, rows: [] });
    expect((await rig.reader.deadLetters(RIG_TENANT, 10, 'waiting')).rows).toMatchObject([
      { key: 'early', state: 'waiting', waitsUntilMs: RIG_STARTS_MS + HOUR.waitMs, reason: 'unknown-turn' },
    ]);
  });

  it('takes its place when its turn comes', async () => {
    rig = await deadLetterRig(HOUR);
    await rig.send([like('early', 's', 't-1')]);
    rig.pass(59);
    await rig.send([turn('t-1', 's')]);
    expect(await rig.account()).toMatchObject({ stored: 2, waiting: 0, deadLettered: 0 });
    expect(await rig.reader.deadLetter(RIG_TENANT, 'early')).toBeNull();
    expect(await rig.reader.hasEvent(RIG_TENANT, 'early')).toBe(true);
  });

  it('is a dead letter once the tenant has received something an hour later, in whichever session', async () => {
    rig = await deadLetterRig(HOUR);
    await rig.send([like('early', 's', 't-1')]);
    rig.pass(59);
    await rig.send([turn('t-9', 'other')]);
    expect(await rig.account()).toMatchObject({ stored: 2, waiting: 1, deadLettered: 0 });
    rig.pass(1);
    await rig.send([turn('t-10', 'other')]);
    expect(await rig.account()).toMatchObject({ accepted: 3, stored: 2, waiting: 0, deadLettered: 1 });
    expect(await rig.reader.deadLetters(RIG_TENANT, 10)).toMatchObject({
      total: 1,
      byReason: { 'unknown-turn': 1 },
      waiting: 0,
      rows: [{ key: 'early', state: 'open' }],
    });
    expect(await rig.differing()).toEqual([]);
  });

  it('takes its place also when its turn comes after that', async () => {
    rig = await deadLetterRig({ ...HOUR, waitMs: 0 });
    await rig.send([like('early', 's', 't-1')]);
    expect(await rig.account()).toMatchObject({ stored: 0, waiting: 0, deadLettered: 1 });
    await rig.send([turn('t-1', 's')]);
    expect(await rig.account()).toMatchObject({ stored: 2, waiting: 0, deadLettered: 0, balanced: true });
    expect(await rig.reader.deadLetters(RIG_TENANT, 10)).toMatchObject({ total: 0, byReason: {} });
  });

  it('has time pass by a dead letter as by an event, and not by another tenant', async () => {
    rig = await deadLetterRig(HOUR);
    await rig.send([like('early', 's', 't-1')]);
    rig.pass(90);
    const other = tenantId('other');
    await rig.send([turn('t-1', 's')], other);
    expect(await rig.account()).toMatchObject({ waiting: 1 });
    expect(await rig.account(other)).toMatchObject({ stored: 1, waiting: 0 });
    await rig.send([{ no: 'event' }]);
    expect(await rig.account()).toMatchObject({ accepted: 2, stored: 0, waiting: 0, deadLettered: 2 });
  });

  it('waits no more when too many of its session do already, the first of the log before others', async () => {
    rig = await deadLetterRig({ ...HOUR, perSession: 2 });
    await rig.send([
      like('b', 's', 't', '2026-03-02T12:00:09Z'),
      like('a', 's', 't', '2026-03-02T12:00:08Z'),
      like('c', 's', 't', '2026-03-02T12:00:00Z'),
      like('d', 'other', 't'),
    ]);
    expect(await rig.account()).toMatchObject({ accepted: 4, stored: 3, waiting: 3, deadLettered: 1 });
    expect((await rig.reader.deadLetters(RIG_TENANT, 10)).rows.map(({ key }) => key)).toEqual(['c']);
    await rig.send([turn('t', 's')]);
    expect(await rig.account()).toMatchObject({ accepted: 5, stored: 5, waiting: 1, deadLettered: 0 });
  });
});

describe('a dead letter that is redriven', () => {
  const broken = { ...turn('t-1', 's'), time: '1970-01-01T00:00:00Z' };

  it('leaves the list when an event takes its place, and tells which and when', async () => {
    rig = await deadLetterRig();
    await rig.send([broken]);
    const [letter] = (await rig.reader.deadLetters(RIG_TENANT, 10)).rows;
    expect(letter).toMatchObject({ reason: 'clock-skew', state: 'open', redrives: [] });
    rig.pass(5);
    expect(await rig.redrive(letter?.key ?? '', turn('t-1', 's'))).toMatchObject({ status: 'accepted' });
    expect(await rig.reader.deadLetters(RIG_TENANT, 10)).toMatchObject({
      total: 0,
      byReason: {},
      redriven: 1,
    });
    expect((await rig.reader.deadLetters(RIG_TENANT, 10, 'redriven')).rows).toMatchObject([
      {
        key: letter?.key,
        body: JSON.stringify(broken),
        redrives: [{ eventId: 'turn-t-1', receivedAtMs: RIG_STARTS_MS + 5 * MINUTE_MS }],
      },
    ]);
    // Two events were sent: the broken one is a dead letter for ever, its note was sent by nobody.
    expect(await rig.account()).toMatchObject({
      accepted: 2,
      stored: 1,
      deadLettered: 1,
      redriven: 1,
      balanced: true,
    });
    expect(await rig.differing()).toEqual([]);
  });

  it('is the same when it is redriven again, and after a replay', async () => {
    rig = await deadLetterRig();
    await rig.send([broken]);
    const key = (await rig.reader.deadLetters(RIG_TENANT, 1)).rows[0]?.key ?? '';
    await rig.redrive(key, turn('t-1', 's'));
    const [account, letter] = [await rig.account(), await rig.reader.deadLetter(RIG_TENANT, key)];
    rig.pass(5);
    expect(await rig.redrive(key, turn('t-1', 's'))).toMatchObject({ status: 'duplicate' });
    await rig.replaceByReplay();
    expect(await rig.account()).toEqual(account);
    expect(await rig.reader.deadLetter(RIG_TENANT, key)).toEqual(letter);
    expect(await rig.differing()).toEqual([]);
  });

  it('is settled by saying it again when the event was accepted and the note was not', async () => {
    rig = await deadLetterRig();
    await rig.send([broken, turn('t-1', 's')]);
    const key = (await rig.reader.deadLetters(RIG_TENANT, 1)).rows[0]?.key ?? '';
    expect(await rig.redrive(key, turn('t-1', 's'))).toMatchObject({ status: 'duplicate' });
    expect(await rig.account()).toMatchObject({ accepted: 2, stored: 1, deadLettered: 1, redriven: 1 });
  });

  it('stays open when what was sent in its place was refused', async () => {
    rig = await deadLetterRig();
    await rig.send([broken, turn('taken', 's')]);
    const key = (await rig.reader.deadLetters(RIG_TENANT, 1)).rows[0]?.key ?? '';
    await rig.redrive(key, { ...broken, time: 'noon' });
    await rig.redrive(key, { ...turn('taken', 's'), data: { turn: 'x', request: { text: 'other' } } });
    expect(await rig.reader.deadLetters(RIG_TENANT, 10)).toMatchObject({
      total: 3,
      byReason: { 'clock-skew': 1, 'schema-violation': 1, 'conflicting-duplicate': 1 },
      redriven: 0,
    });
    expect(await rig.account()).toMatchObject({ accepted: 4, stored: 1, deadLettered: 3, balanced: true });
  });

  it('may be an orphan that named the wrong turn, but not by the orphan itself', async () => {
    rig = await deadLetterRig();
    const orphan = like('orphan', 's', 'mistyped');
    await rig.send([turn('t-1', 's'), orphan]);
    await rig.redrive('orphan', orphan);
    expect(await rig.reader.deadLetters(RIG_TENANT, 10)).toMatchObject({ waiting: 1, redriven: 0 });
    await rig.redrive('orphan', like('mended', 's', 't-1'));
    expect(await rig.reader.deadLetters(RIG_TENANT, 10)).toMatchObject({ waiting: 0, redriven: 1 });
    expect(await rig.account()).toMatchObject({ accepted: 3, stored: 2, waiting: 0, deadLettered: 1 });
    expect(await rig.differing()).toEqual([]);
  });
});

describe('the id of a dead letter', () => {
  it('may be whole, the beginning of it or of its digest, or the id of its event', async () => {
    rig = await deadLetterRig();
    const broken = { ...turn('t-1', 's'), type: 'heed.gossip.v1' };
    await rig.send([broken, { not: 'an event' }, like('orphan', 's', 'nowhere')]);
    const key = (await rig.reader.deadLetter(RIG_TENANT, 'turn-t-1'))?.key ?? '';
    const digest = key.split(':')[1] ?? '';
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    for (const id of [key, digest.slice(0, 12), digest, '!unknown-type', '!unknown-type:', key.slice(0, 20)])
      expect(await rig.reader.deadLetter(RIG_TENANT, id)).toMatchObject({ key });
    expect(await rig.reader.deadLetter(RIG_TENANT, 'orphan')).toMatchObject({ key: 'orphan' });
    // Of an event's id the whole counts: `e-1` must never mean `e-10`.
    for (const id of ['orpha', 'turn-t', 'xyz', `${key}0`])
      expect(await rig.reader.deadLetter(RIG_TENANT, id)).toBeNull();
  });

  it('is refused when it could be several, with what it could be', async () => {
    rig = await deadLetterRig();
    const broken = (source: string) => ({ ...turn('t-1', 's'), source, time: 'noon' });
    await rig.send([broken('/a'), broken('/b')]);
    await expect(rig.reader.deadLetter(RIG_TENANT, '!schema')).rejects.toMatchObject({
      code: 'dead-letter-ambiguous',
      message: expect.stringMatching(/"!schema" .*(!schema-violation:[0-9a-f]{64}(, )?){2}/) as unknown,
    });
  });
});

it('counts the different texts that were refused under an id, and the same text once', async () => {
  rig = await deadLetterRig();
  const broken = (source: string) => ({ ...turn('t-1', 's'), source, time: 'noon' });
  await rig.send([broken('/a'), broken('/b'), { not: 'an event' }]);
  await rig.send([broken('/b'), broken('/b')]);
  const { rows, total } = await rig.reader.deadLetters(RIG_TENANT, 10);
  expect(total).toBe(3);
  expect(rows.map(({ eventId, count }) => [eventId, count]).sort()).toEqual([
    ['', 1],
    ['turn-t-1', 2],
    ['turn-t-1', 2],
  ]);
});

describe('whatever comes, in whatever order', () => {
  it.each([1, 2])('accepted is stored and dead-lettered at every step, seed %i', async (seed) => {
    rig = await deadLetterRig({ waitMs: 30 * MINUTE_MS, perSession: 2 });
    const random = seededRandom(seed);
    for (let step = 0; step < 14; step++) {
      rig.pass(random.below(10));
      const batch = Array.from({ length: 1 + random.below(6) }, (_, i) => anything(random, `${step}-${i}`));
      await rig.send(batch);
      const open = (await rig.reader.deadLetters(RIG_TENANT, 3)).rows;
      for (const { key } of open.filter(() => random.chance(0.3)))
        await rig.redrive(key, turn(`mended-${step}`, 's-1'));
      const account = await rig.account();
      expect(account).toMatchObject({ lag: 0, balanced: true });
      expect(account?.accepted).toBe((account?.stored ?? 0) + (account?.deadLettered ?? 0));
      const { total, waiting, redriven } = await rig.reader.deadLetters(RIG_TENANT, 1);
      expect({ total, waiting, redriven }).toEqual({
        total: (account?.deadLettered ?? 0) - (account?.redriven ?? 0),
        waiting: account?.waiting,
        redriven: account?.redriven,
      });
    }
    const before = await rig.reader.deadLetters(RIG_TENANT, 1000);
    expect(Math.min(before.total, before.redriven)).toBeGreaterThan(0);
    expect(await rig.differing()).toEqual([]);
    await rig.replaceByReplay();
    expect(await rig.reader.deadLetters(RIG_TENANT, 1000)).toEqual(before);
  });
});

function anything(random: SeededRandom, id: string): object {
  const session = `s-${random.below(3)}`;
  const named = `t-${random.below(9)}`;
  if (random.chance(0.15)) return { ...turn(`bad-${id}`, session), time: 'noon' };
  if (random.chance(0.5)) return turn(named, session);
  return like(`like-${id}`, session, named);
}

function turn(name: string, session: string): object {
  return event(`turn-${name}`, session, 'heed.turn.v1', { turn: name, request: { text: 'play jazz' } });
}

function like(id: string, session: string, named: string, time?: string): object {
  return event(id, session, 'heed.reaction.v1', { turn: named, kind: 'like' }, time);
}

function event(id: string, subject: string, type: string, data: object, time = '2026-03-02T12:00:00Z') {
  return { specversion: '1.0', id, source: '/test', type, subject, time, data };
}
