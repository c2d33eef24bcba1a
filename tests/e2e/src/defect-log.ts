import { cloudEventOf, type CloudEvent } from '@heed/events';
import { seededRandom } from '@heed/kernel';

const REQUESTS = ['play some jazz', 'will it rain', 'wake me at seven', 'tell me the news', 'a pasta recipe'];
/** What users of this tenant say next: words of their own, which no rule knows. */
const NEXT = {
  failed: ['hmm zilch', 'so much for that then', 'okay never again'],
  served: ['ace, what else is new', 'neat and now the weather', 'right on to the news'],
} as const;
const DAY_MS = 86_400_000;

export interface DefectLog {
  readonly sessions: number;
  /** Begins the ids: logs of different names share none. */
  readonly name: string;
  readonly startMs: number;
}

/**
 * Sessions of two turns, of which the first failed or not by chance; the user's next words and what they did mostly tell. Whether it failed is stated by an
 * outcome event, a rating or a thumb, a third of each.
 */
export function defectLog({ sessions, name, startMs }: DefectLog): readonly CloudEvent[] {
  const random = seededRandom(11);
  return Array.from({ length: sessions }, (_, n) => {
    const failed = random.chance(0.35);
    const tells = random.chance(0.85) ? failed : random.chance(0.35);
    const session = `${name}-${String(n)}`;
    const user = `u-${String(random.below(300))}`;
    const startedMs = startMs + Math.floor((n * 20 * DAY_MS) / sessions);
    const part = { session, source: '/defect' };
    const at = (id: string, afterMs: number) => ({ id: `${session}-${id}`, timeMs: startedMs + afterMs });
    const said = (turn: string, text: string, answer: string) => ({
      ...{ turn, user, request: { text } },
      response: { text: `${answer}.${' And so on.'.repeat(random.below(9))}` },
    });
    const asked = said('t0', random.pick(REQUESTS), 'Here it is');
    const next = said('t1', random.pick(NEXT[tells ? 'failed' : 'served']), 'As you like');
    const did = { turn: 't0', user, kind: 'interrupted' } as const;
    const stars = (failed ? 1 : 4) + random.below(2);
    return [
      cloudEventOf({ ...part, ...at('t0', 0), type: 'heed.turn.v1', data: asked }),
      ...(tells && random.chance(0.3)
        ? [cloudEventOf({ ...part, ...at('did', 9000), type: 'heed.behaviour.v1', data: did })]
        : []),
      cloudEventOf({ ...part, ...at('t1', 30_000), type: 'heed.turn.v1', data: next }),
      [
        cloudEventOf({
          ...{ ...part, ...at('stated', 60_000), type: 'heed.outcome.v1' },
          data: { turn: 't0', name: 'success', value: !failed },
        }),
        cloudEventOf({
          ...{ ...part, ...at('stated', 60_000), type: 'heed.reaction.v1' },
          data: { turn: 't0', user, kind: failed ? 'thumbs-down' : 'thumbs-up' },
        }),
        cloudEventOf({
          ...{ ...part, ...at('stated', 60_000), type: 'heed.rating.v1' },
          data: { turn: 't0', user, aspect: 'help', value: stars, scale: { min: 1, max: 5 }, by: 'human' },
        }),
      ].filter((_, kind) => kind === n % 3),
    ].flat();
  }).flat();
}
