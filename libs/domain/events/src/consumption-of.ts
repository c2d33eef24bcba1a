import type { Consumption } from './event-log.ts';

/** The consumption that is done while the work is; it ends soon after its signal, with the batch in hand. */
export function consumptionOf(consume: (stopping: AbortSignal) => Promise<void>): Consumption {
  const stopping = new AbortController();
  const done = consume(stopping.signal);
  // Whoever does not look at `done` is not to be brought down by it.
  done.catch(() => undefined);
  return {
    done,
    stop: async () => {
      stopping.abort();
      await done.catch(() => undefined);
    },
  };
}
