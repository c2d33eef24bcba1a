import { seededRandom } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { musicAndWeather } from './music-and-weather.ts';
import { simulateSessions, type SimulationOptions } from './simulate-sessions.ts';

const options: SimulationOptions = {
  sessions: 2000,
  users: 200,
  untilMs: Date.UTC(2026, 2, 1),
  days: 7,
  prefix: 'sim',
};
const sessions = [...simulateSessions(musicAndWeather, seededRandom(7), options)];

describe('simulated sessions', () => {
  it('come out the same for the same seed, and otherwise for another', () => {
    expect([...simulateSessions(musicAndWeather, seededRandom(7), options)]).toEqual(sessions);
    expect([...simulateSessions(musicAndWeather, seededRandom(8), options)]).not.toEqual(sessions);
  });

  it('have ids of their own, and events in time order within a session', () => {
    const events = sessions.flat();
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    for (const session of sessions) {
      const times = session.map(({ time }) => Date.parse(time));
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  it('leave some sessions silent', () => {
    const silent = sessions.filter((session) => session.every(({ type }) => type === 'heed.turn.v1'));
    expect(silent.length / sessions.length).toBeGreaterThan(0.1);
    expect(silent.length / sessions.length).toBeLessThan(0.4);
  });

  it('say every planted and every decoy wording often enough to be noticed', () => {
    const said = new Map<string, number>();
    for (const event of sessions.flat()) {
      const text = (event.data as { request?: { text: string } }).request?.text;
      if (text !== undefined) said.set(text, (said.get(text) ?? 0) + 1);
    }
    const { planted, decoys } = musicAndWeather.truth;
    for (const { from, to } of [...planted, ...decoys]) {
      expect(said.get(from) ?? 0, from).toBeGreaterThan(20);
      expect(said.get(to) ?? 0, to).toBeGreaterThan(20);
    }
  });
});
