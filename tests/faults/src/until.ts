import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { isAway } from './is-away.ts';

const LOOK_AGAIN_MS = 20;

/** More than any mending takes on a busy machine, less than a test is given. */
const PATIENCE_MS = 240_000;

/** What was seen at one look; null while whoever is asked is away. */
export type Look<Seen> = () => Promise<Seen | null> | Seen | null;

/**
 * Resolves with what was seen once it `holds`. Looks again for so long, milliseconds, then throws with what it saw last. Whoever is away while
 * one looks may come back; every other error comes out at once.
 *
 * @example await until('all is read', () => lag(), (entries) => entries === 0)
 */
export async function until<Seen>(
  goal: string,
  look: Look<Seen>,
  holds: (seen: Seen) => boolean,
  patienceMs = PATIENCE_MS,
): Promise<Seen> {
  const endMs = performance.now() + patienceMs;
  for (;;) {
    const { seen, away } = await lookOnce(look);
    if (seen !== null && holds(seen)) return seen;
    if (performance.now() >= endMs)
      throw new Error(
        `Waited ${patienceMs / 1000} s until ${goal}, in vain. Seen last: ${inspect(seen, { depth: 6 })}`,
        { cause: away },
      );
    await delay(LOOK_AGAIN_MS);
  }
}

async function lookOnce<Seen>(
  look: Look<Seen>,
): Promise<{ readonly seen: Seen | null; readonly away?: unknown }> {
  try {
    return { seen: await look() };
  } catch (away) {
    if (!isAway(away)) throw away;
    return { seen: null, away };
  }
}
