import type { EventData, EventName } from '@heed/events';
import type { SeededRandom } from '@heed/kernel';

type DataOf = { readonly [Name in EventName]: (turn: string, random: SeededRandom) => EventData[Name] };

const WORDS = ['play', 'jazz', 'cancel', 'my', 'subscription', 'wetter', 'ラジオ', '🎷', "d'accord", 'naïve'];

/** What a user might write. */
export function words(random: SeededRandom): string {
  return Array.from({ length: 1 + random.below(6) }, () => random.pick(WORDS)).join(' ');
}

const DATA: DataOf = {
  turn: (turn, random) => ({
    turn,
    user: `u-${random.below(50)}`,
    request: { text: words(random), interpretation: { intent: 'Play', slots: { genre: words(random) } } },
    response: { text: words(random), model: 'm-1' },
    exposures: [{ policy: 'p', variant: 'v', propensity: 0.5, unit: 'u-1' }],
    stages: [{ name: 'generate', output: words(random), status: 'ok' }],
    latencyMs: random.below(1000),
    locale: 'de-DE',
    attributes: { beta: true, rank: 3, device: 'phone' },
  }),
  response: (turn, random) => ({ turn, response: { text: words(random) }, latencyMs: 12 }),
  reaction: (turn, random) => ({ turn, kind: random.pick(['love', 'dislike', 'thumbs-up', 'wow']) }),
  behaviour: (turn, random) =>
    random.pick([
      { turn, kind: 'dwelled', ms: 1200 },
      { turn, kind: 'edited', before: words(random), after: words(random) },
      { turn, kind: 'abandoned', evidence: [{ modality: 'voice', signal: 'sigh', confidence: 0.7 }] },
    ] as const),
  comment: (turn, random) => ({ turn, text: words(random) }),
  annotation: (turn) => ({ turn, target: { part: 'response', start: 0, end: 3 }, label: 'wrong' }),
  comparison: (turn, random) => ({
    turn,
    chosen: { text: words(random) },
    rejected: { text: words(random) },
    by: 'human',
  }),
  rating: (turn) => ({ turn, aspect: 'helpful', value: 3, scale: { min: 1, max: 5 }, by: 'model' }),
  stage: (turn) => ({ turn, stage: 'retrieve', verdict: 'bad' }),
  check: (turn) => ({ turn, name: 'toxicity', value: 0.01, passed: true }),
  outcome: (turn, random) => ({ turn, name: 'success', value: random.chance(0.5) }),
  exposure: (turn) => ({ turn, policy: 'p', variant: 'v', propensity: 1, unit: 'u-1' }),
  erasure: (_, random) => ({ user: `u-${random.below(50)}` }),
};

export const EVENT_NAMES = Object.keys(DATA) as readonly EventName[];

/** A valid event of any type. `id` makes it its own; sessions have a few turns, and some events come before theirs. */
export function validEvent(
  id: string,
  random: SeededRandom,
  name = anyName(random),
): Record<string, unknown> {
  const session = `s-${random.below(2000)}`;
  return {
    specversion: '1.0',
    id,
    source: '/fuzz',
    type: `heed.${name}.v1`,
    subject: session,
    time: new Date(Date.UTC(2026, 2, 1) + random.below(86_400_000)).toISOString(),
    datacontenttype: 'application/json',
    data: DATA[name](name === 'turn' ? `t-${id}` : `t-${random.below(50)}`, random),
  };
}

/** Each has tables of the warehouse written anew, so that they are as rare as they are in life. */
const ERASURES = 0.0005;
const OTHERS = EVENT_NAMES.filter((name) => name !== 'erasure');

/** Turns are what everything else hangs on, so half of all events are turns. */
function anyName(random: SeededRandom): EventName {
  if (random.chance(ERASURES)) return 'erasure';
  return random.chance(0.5) ? 'turn' : random.pick(OTHERS);
}
