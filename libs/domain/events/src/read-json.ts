import { err, ok, type Result } from '@heed/kernel';

/** `JSON.parse` as a result. What is wrong is said without quoting the text, which the engine's own message does. */
export function readJson(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text) as unknown);
  } catch (problem) {
    return err(text.trim() === '' ? 'it is empty' : describe(problem));
  }
}

function describe(problem: unknown): string {
  const message = problem instanceof Error ? problem.message : '';
  if (/end of JSON input|Unterminated/u.test(message)) return 'it is not JSON: it ends too early';
  const position = [...message.matchAll(/at position (\d+)/gu)].at(-1)?.[1];
  return position === undefined
    ? 'it is not JSON'
    : `it is not JSON: something else was expected at position ${position}`;
}
