import { cloudEventOf, type CloudEvent } from '@heed/events';

/** Typical turns of about 400 bytes, four a session. Prefixes keep the ids of runs apart. */
export function turnBodies(count: number, prefix: string): string[] {
  const event = (n: number): CloudEvent =>
    cloudEventOf({
      type: 'heed.turn.v1',
      id: `${prefix}-e-${String(n)}`,
      session: `${prefix}-s-${String(n >> 2)}`,
      source: '/bench',
      timeMs: Date.UTC(2026, 1, 1) + n * 1000,
      data: {
        turn: `t-${String(n)}`,
        user: `u-${String(n % 997)}`,
        request: {
          text: 'play some music in the kitchen',
          interpretation: { intent: 'play', slots: { room: 'kitchen' } },
        },
        response: { text: 'Here is some music for the kitchen.', model: 'assistant-3' },
        exposures: [{ policy: 'prompt', variant: 'b', propensity: 0.5, unit: `u-${String(n % 997)}` }],
        latencyMs: 412,
        locale: 'en-GB',
        attributes: { device: 'speaker', retries: 0 },
      },
    });
  return Array.from({ length: count }, (_, n) => JSON.stringify(event(n)));
}
