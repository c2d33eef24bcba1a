/** Beyond this, 24.8 days, a timer of JavaScript fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

export interface Timer {
  cancel(): void;
}

/** A timer that by default does not keep a Node process alive; in browsers there is no such thing, and no need of it. What is to wait longer than a timer can waits as long as it can. */
export function timer(delayMs: number, run: () => void, { keepsProcessAlive = false } = {}): Timer {
  const handle: unknown = setTimeout(run, Math.min(delayMs, LONGEST_MS));
  if (!keepsProcessAlive && hasUnref(handle)) handle.unref();
  return {
    cancel: () => {
      clearTimeout(handle as Parameters<typeof clearTimeout>[0]);
    },
  };
}

function hasUnref(handle: unknown): handle is { unref(): void } {
  return typeof handle === 'object' && handle !== null && 'unref' in handle;
}
