import { sessionId } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { partKey, placeEvents, sessionOfPart, type Place, type Placeable } from './session-parts.ts';

const turns = (from: number, count: number): readonly Placeable[] =>
  Array.from({ length: count }, (_, i) => ({ id: `e-${from + i}`, turn: `t-${from + i}` }));

const parts = (events: readonly Placeable[], known: readonly Place[] = []): string =>
  placeEvents(events, known, 4)
    .events.map(({ part, apart }) => `${part}${apart ? '!' : ''}`)
    .join(' ');

describe('placing events in the parts of a session', () => {
  it('fills one part with turns after the other', () => {
    expect(parts(turns(0, 9))).toBe('0 0 0 0 1 1 1 1 2');
  });

  it('puts what is said of a turn beside it, also when the part is full, and what names no turn into the newest', () => {
    const late = [{ id: 'r-1', turn: 't-1' }, { id: 'o-1' }, { id: 'r-4', turn: 't-4' }];
    expect(parts([...turns(0, 5), ...late])).toBe('0 0 0 0 1 0 1 1');
  });

  it('puts a turn to what was said of it before it came', () => {
    expect(parts([{ id: 'r-9', turn: 't-9' }, ...turns(0, 5), { id: 'e-9', turn: 't-9' }])).toBe(
      '0 0 0 0 1 1 0',
    );
  });

  it('does not begin a part with what names no turn, unless the last one is closed', () => {
    const said = Array.from({ length: 6 }, (_, i) => ({ id: `o-${i}` }));
    expect(parts([...turns(0, 4), ...said])).toBe('0 0 0 0 0 0 0 0 1 1');
  });

  it('puts apart what is said of a turn whose part is closed', () => {
    const said = Array.from({ length: 9 }, (_, i) => ({ id: `r-${i}`, turn: 't-0' }));
    expect(parts([...turns(0, 1), ...said, ...turns(1, 1)])).toBe('0 0 0 0 0 0 0 0 1! 1! 1');
  });

  it('gives an event its place for good, and knows it by its id whatever it names', () => {
    const first = placeEvents(turns(0, 6), [], 4);
    expect(parts([...turns(3, 3), { id: 'e-0', turn: 't-5' }, ...turns(6, 3)], first.places)).toBe(
      '0 1 1 0! 1 1 2',
    );
  });

  it('tells only what is new', () => {
    const first = placeEvents(turns(0, 4), [], 4);
    expect(placeEvents([...turns(3, 1), ...turns(4, 1)], first.places, 4).places).toEqual([
      { kind: 'event', name: 'e-4', part: 1, events: 0 },
      { kind: 'turn', name: 't-4', part: 1, events: 0 },
      { kind: 'part', name: '', part: 1, events: 1 },
    ]);
  });
});

it('names parts so that the session can be told from it', () => {
  const session = sessionId('a/b 7');
  expect(partKey(session, 0)).toBe(session);
  expect([0, 1, 12].map((part) => sessionOfPart(partKey(session, part)))).toEqual([
    session,
    session,
    session,
  ]);
  expect(new Set([0, 1, 12].map((part) => partKey(session, part))).size).toBe(3);
});
