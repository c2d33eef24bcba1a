import { Fault } from '@heed/kernel';
import { respondWithProgress, type Log, type RawReply } from '@heed/platform';
import type { TrainingWatch } from '@heed/rewards';

/** Lines of progress, then the result. Work that nobody waits for any more is not done: it ends when the caller goes. */
export function respondWhileWaitedFor(
  reply: RawReply,
  log: Log,
  work: (watch: TrainingWatch) => Promise<unknown>,
): Promise<void> {
  const gone = new AbortController();
  const end = (): void => {
    gone.abort(
      new Fault('work-cut-short', 'The caller went before this was finished.', 'Run it again, and wait.'),
    );
  };
  reply.raw.once('close', end);
  // Between the request and now the caller may have gone already, which nobody says twice.
  if (reply.raw.destroyed) end();
  return respondWithProgress(reply, log, (report) => work({ progress: report, signal: gone.signal }));
}
