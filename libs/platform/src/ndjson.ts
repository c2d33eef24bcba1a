import { NDJSON, type ProgressLine } from '@heed/contract';
import { Fault } from '@heed/kernel';
import type { ServerResponse } from 'node:http';
import { faultFields, type Log } from './log.ts';
import { isFailure, problemOf } from './problem-filter.ts';

/** As much of Fastify's reply as a stream of lines needs. */
export interface RawReply {
  hijack(): unknown;
  readonly raw: ServerResponse;
}

export type ReportProgress = (progress: ProgressLine['progress']) => void;

const underWay = new Set<(thrown: unknown) => void>();

/** Ends every long answer of this process with the problem `shutting-down`; the work behind it goes on until its stores close. */
export function cutProgressShort(): void {
  for (const end of underWay)
    end(new Fault('shutting-down', 'Heed is shutting down before this was finished.', 'Run it again.'));
}

/**
 * Long work over HTTP: 200 at once, a line whenever there is progress, then one line with the result or the problem.
 * The status cannot change after the first line, so the last line is what tells success from failure.
 */
export async function respondWithProgress(
  reply: RawReply,
  log: Log,
  work: (report: ReportProgress) => Promise<unknown>,
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { 'content-type': NDJSON, 'cache-control': 'no-store' });
  const line = (value: unknown): void => {
    if (!raw.destroyed && !raw.writableEnded) raw.write(`${JSON.stringify(value)}\n`);
  };
  const end = (last: unknown): void => {
    line(last);
    raw.end();
  };
  const fail = (thrown: unknown): void => {
    // Work that was cut short fails as well, when its stores close; its answer is given.
    if (raw.writableEnded) return;
    const problem = problemOf(thrown);
    if (isFailure(problem)) log.error('request-failed', faultFields(thrown));
    end({ problem });
  };
  underWay.add(fail);
  try {
    end({
      result: await work((progress) => {
        line({ progress });
      }),
    });
  } catch (thrown) {
    fail(thrown);
  } finally {
    underWay.delete(fail);
  }
}
