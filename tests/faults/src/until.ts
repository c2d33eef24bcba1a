import { setTimeout as delay } from 'node:timers/promises';

const LOOK_AGAIN_MS = 20;

/** Resolves once it holds; the test's own time limit bounds it. What throws does not hold yet. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (;;) {
    const held = await Promise.resolve()
      .then(holds)
      .catch(() => false);
    if (held) return;
    await delay(LOOK_AGAIN_MS);
  }
}
