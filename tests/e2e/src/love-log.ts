import { cloudEventOf, type CloudEvent } from '@heed/events';
import { seededRandom } from '@heed/kernel';

const REQUESTS = ['play some jazz', 'will it rain', 'wake me at seven', 'tell me the news', 'a pasta recipe'];
const OPENINGS: readonly (readonly [text: string, love: number])[] = [
  ['Sure, here you go then', 3.2],
  ['Happy to do that now', 2.8],
  ['Sorry, I cannot do that', -3.4],
  ['That was not understood', -3],
];
const ENDINGS: readonly (readonly [text: string, love: number])[] = [
  ['Have a lot of fun!', 0.4],
  ['Is there anything?', 0],
  ['That is all I know.', -0.4],
];
const DAY_MS = 86_400_000;

export interface LoveLog {
  readonly answers: number;
  /** Begins the ids: logs of different names share none. */
  readonly name: string;
  readonly startMs: number;
  readonly users?: number;
  readonly days?: number;
}

/** Rated answers like those of ConvAI: a session each, a thumb up or down under every answer, by a known love function. */
export function loveLog({ answers, name, startMs, users = 300, days = 20 }: LoveLog): readonly CloudEvent[] {
  const random = seededRandom(7);
  return Array.from({ length: answers }, (_, n) => {
    const [opening, liked] = random.pick(OPENINGS);
    const [ending, alsoLiked] = random.pick(ENDINGS);
    const loved = random.chance(1 / (1 + Math.exp(-liked - alsoLiked)));
    const session = `${name}-${String(n)}`;
    const user = `u-${String(random.below(users))}`;
    const timeMs = startMs + Math.floor((n * days * DAY_MS) / answers);
    const part = { session, source: '/love' };
    return [
      cloudEventOf({
        ...part,
        type: 'heed.turn.v1',
        id: `${session}-turn`,
        timeMs,
        data: {
          turn: 't0',
          user,
          request: { text: random.pick(REQUESTS) },
          // As long whatever is thought of it: what tells is the words.
          response: { text: `${opening}.${' And so on.'.repeat(random.below(12))} ${ending}` },
          locale: n % 3 === 0 ? 'de-DE' : 'en-GB',
        },
      }),
      cloudEventOf({
        ...part,
        type: 'heed.reaction.v1',
        id: `${session}-thumb`,
        timeMs: timeMs + 4000,
        data: { turn: 't0', user, kind: loved ? 'thumbs-up' : 'thumbs-down' },
      }),
    ];
  }).flat();
}

export function jsonlOf(events: readonly unknown[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}
