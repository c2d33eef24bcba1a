export interface Timer {
  cancel(): void;
}

/** A timer that by default does not keep a Node process alive; in browsers there is no such thing, and no need of it. */
export function timer(delayMs: number, run: () => void, { keepsProcessAlive = false } = {}): Timer {
  const handle: unknown = setTimeout(run, delayMs);
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
