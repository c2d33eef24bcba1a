/** Resolves after so many milliseconds, or as soon as it is told to stop. */
export function waitUnless(stopping: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stopping.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, stopping.aborted ? 0 : ms);
    stopping.addEventListener('abort', end, { once: true });
  });
}
