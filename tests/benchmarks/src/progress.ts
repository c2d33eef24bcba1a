const EVERY_MS = 10_000;

/** Tells whoever waits how far a bench is, on stderr: stdout is the report's. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Says of what goes on for long where it stands, once in ten seconds, however often it is called. */
export function sayNowAndThen(): (line: () => string) => void {
  let saidAtMs = performance.now();
  return (line) => {
    if (performance.now() - saidAtMs < EVERY_MS) return;
    saidAtMs = performance.now();
    say(line());
  };
}
