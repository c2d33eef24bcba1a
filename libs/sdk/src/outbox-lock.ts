/**
 * Lets one page at a time send what several share. `run` starts when the lock is had; resolves when it is over, or without
 * having run when `signal` aborts first.
 */
export type OutboxLock = (run: () => Promise<void>, signal: AbortSignal) => Promise<void>;

/** As much of the Web Locks API as that needs. */
interface LockManager {
  request(name: string, options: { signal: AbortSignal }, run: () => Promise<void>): Promise<unknown>;
}

declare const navigator: { readonly locks?: LockManager } | undefined;

/** For a storage that nobody shares. */
export const noLock: OutboxLock = (run) => run();

/**
 * The browser takes the lock from a page that ends or crashes, and gives it to the next that waits. Where there are no Web
 * Locks (pages without https) every page sends for itself: some events twice, which their ids make harmless.
 */
export function pageLock(name: string): OutboxLock {
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks;
  if (locks === undefined) return noLock;
  return async (run, signal) => {
    await locks.request(name, { signal }, run).catch((cause: unknown) => {
      if (!signal.aborted) throw cause;
    });
  };
}
