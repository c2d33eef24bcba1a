/** What a scraper of metrics has patience for. */
const PATIENCE_MS = 5_000;

const AWAY = 503;

/** What a service says; null where it says that something it needs is away. Throws for every other answer than 200. */
export async function answerFrom(url: string): Promise<string | null> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  const text = await response.text();
  if (response.status === AWAY) return null;
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return text;
}
