import { eventId, seededRandom, sessionId, tenantId, turnId, userId } from '@heed/kernel';
import { DEFAULT_EXPOSURE } from '../exposure/exposure-rules.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import type { TrainingOrder } from './training-order.ts';

const OPENINGS: readonly (readonly [text: string, love: number])[] = [
  ['Here you go', 3.4],
  ['Sure', 2.8],
  ['Sorry, no', -3.2],
];
const TOPICS = ['the weather in Oslo', 'a jazz station', 'your alarm', 'the news', 'a pasta recipe'];
const HOUR_MS = 3_600_000;

export const loveOrder: TrainingOrder = {
  tenant: tenantId('acme'),
  name: 'love',
  purpose: 'love',
  reading: 'answer',
  rules: { ...DEFAULT_EXPOSURE, positive: ['love'], negative: ['angry'] },
  seed: 7,
  trainedAtMs: Date.UTC(2026, 5, 1),
};

/** Turns that were all reacted to, an hour apart, by a known love function of how an answer begins. */
export function loveTurns(
  count: number,
  { startMs = Date.UTC(2026, 0, 1), name = 'l', users = 200 } = {},
): readonly ObservedTurn[] {
  const random = seededRandom(11);
  return Array.from({ length: count }, (_, n) => {
    const [opening, love] = random.pick(OPENINGS);
    const topic = random.pick(TOPICS);
    const isLoved = random.chance(1 / (1 + Math.exp(-love)));
    const id = `${name}-${String(n)}`;
    const atMs = startMs + n * HOUR_MS;
    return {
      turn: turnId('t0'),
      event: eventId(`${id}-turn`),
      session: sessionId(id),
      atMs,
      user: userId(`u-${String(random.below(users))}`),
      context: [{ role: 'user', text: `tell me about ${topic}` }],
      response: `${opening}: ${topic}${'. And more'.repeat(random.below(6))}.`,
      reactions: [{ event: eventId(`${id}-reaction`), kind: isLoved ? 'love' : 'angry', atMs: atMs + 1000 }],
    };
  });
}
