import { NDJSON, type ProgressLine } from '@heed/contract';
import type { ServerResponse } from 'node:http';
import { faultFields, type Log } from './log.ts';
import { problemOf } from './problem-filter.ts';

/** As much of Fastify's reply as a stream of lines needs. */
export interface RawReply {
  hijack(): unknown;
  readonly raw: ServerResponse;
}

export type ReportProgress = (progress: ProgressLine['progress']) => void;

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
    if (!raw.destroyed) raw.write(`${JSON.stringify(value)}\n`);
  };
  try {
    line({
      result: await work((progress) => {
        line({ progress });
      }),
    });
  } catch (thrown) {
    const problem = problemOf(thrown);
    if (problem.status >= 500) log.error('request-failed', faultFields(thrown));
    line({ problem });
  } finally {
    raw.end();
  }
}
