import { seededRandom, tenantId } from '@heed/kernel';

export const TENANT = tenantId('tenant');
export const OTHER = tenantId('other');
export const NOON = Date.UTC(2026, 2, 1, 12);

/** Four sessions of Ada's, of which one is shared; one of Bob's, in which Eve only says something; and what was refused of Ada. */
export function everydayTraffic(): readonly string[] {
  return [
    turn('t-1', 'a-1', 'ada', 'play SECRET jazz'),
    turn('t-2', 'a-1', 'ada', 'play SECRET blues', 1),
    event('r-1', 'a-1', 'heed.response.v1', { turn: 't-1', response: { text: 'a SECRET answer' } }),
    event('l-1', 'a-1', 'heed.reaction.v1', { turn: 't-2', user: 'ada', kind: 'like' }, 2),
    event('c-1', 'a-1', 'heed.check.v1', { turn: 't-2', name: 'lint', passed: true }, 2),
    turn('t-3', 'a-2', 'ada', 'a session of one SECRET turn'),
    turn('t-4', 'a-3', 'bob', 'BYSTANDER asks'),
    turn('t-5', 'a-3', 'ada', 'SECRET asks too', 1),
    event('l-2', 'a-3', 'heed.reaction.v1', { turn: 't-5', user: 'bob', kind: 'like' }, 2),
    event('o-1', 'a-4', 'heed.comment.v1', { turn: 'nowhere', user: 'ada', text: 'a SECRET orphan' }),
    turn('t-1', 'a-1', 'ada', 'another SECRET under the same id'),
    event('x-1', 'a-1', 'heed.nothing.v1', { user: 'ada', text: 'SECRET of no type' }),
    turn('t-6', 'e-1', 'bob', 'how do I do this'),
    event('r-2', 'e-1', 'heed.response.v1', { turn: 't-6', response: { text: 'the ANSWER' } }),
    event('k-1', 'e-1', 'heed.comment.v1', { turn: 't-6', user: 'eve', text: 'EVES remark' }, 2),
  ];
}

/** Sessions of several users, some longer than a part: late and early, in any order, with orphans. */
export function longTraffic(seed: number): readonly string[] {
  const random = seededRandom(seed);
  const bodies: string[] = [];
  for (let session = 0; session < 6; session++) {
    const turns = 2 + Math.floor(random.next() * 30);
    for (let number = 0; number < turns; number++) {
      const name = `${String(seed)}-${String(session)}-${String(number)}`;
      const user = `user-${String(Math.floor(random.next() * 4))}`;
      const id = `long-${String(session)}`;
      bodies.push(turn(`t-${name}`, id, user, `SECRET-${user}- says ${String(number)}`, number));
      if (random.chance(0.4))
        bodies.push(
          event(`r-${name}`, id, 'heed.reaction.v1', { turn: `t-${name}`, user, kind: 'like' }, number),
        );
      if (random.chance(0.1))
        bodies.push(event(`o-${name}`, id, 'heed.check.v1', { turn: `no-${name}`, name: 'lint' }, number));
    }
  }
  return bodies
    .map((body) => ({ body, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ body }) => body);
}

export function turn(id: string, session: string, user: string, text: string, minute = 0): string {
  return event(id, session, 'heed.turn.v1', { turn: id, user, request: { text } }, minute);
}

export function erasureOf(user: string, n: number): string {
  return event(`forget-${String(n)}`, 'any', 'heed.erasure.v1', { user });
}

export function event(id: string, subject: string, type: string, data: object, minute = 0): string {
  const time = new Date(NOON - 3_600_000 + minute * 60_000).toISOString();
  return JSON.stringify({ specversion: '1.0', id, source: '/test', type, subject, time, data });
}
