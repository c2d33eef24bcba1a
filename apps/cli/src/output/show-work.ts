import type { Progress } from '../connect/heed-client.ts';
import type { TextSink } from '../shell.ts';
import { count } from './numbers.ts';
import { ProgressLine } from './progress-line.ts';

/** Shows the steps of long work on stderr while it runs, and clears up behind itself. */
export async function showWork<T>(
  stderr: TextSink,
  work: (onProgress: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
  const line = new ProgressLine(stderr);
  try {
    return await work((progress) => line.show(() => textOf(progress)));
  } finally {
    line.clear();
  }
}

/** A step of which nothing can be counted is told by its name alone. */
function textOf({ step, done, of }: Progress): string {
  if (done === 0 && of === 0) return step;
  return `${step}: ${count(done)}${of > 0 ? ` of ${count(of)}` : ''}`;
}
