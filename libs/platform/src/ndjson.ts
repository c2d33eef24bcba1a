import { NDJSON, type Problem, type ProgressLine } from '@heed/contract';
import { Fault } from '@heed/kernel';
import type { ServerResponse } from 'node:http';
import { faultFields, type Log } from './log.ts';
import { isFailure, PROBLEM_MEDIA_TYPE, problemHeaders, problemOf } from './problem-filter.ts';

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
 * Long work over HTTP: 200 and a line whenever there is progress, then one line with the result or the problem. The status cannot change after the
 * first line: from then on the last one tells success from failure. What fails before it is answered as any other request is.
 */
export async function respondWithProgress(
  reply: RawReply,
  log: Log,
  work: (report: ReportProgress) => Promise<unknown>,
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  const line = (value: unknown): void => {
    if (raw.destroyed || raw.writableEnded) return;
    if (!raw.headersSent) raw.writeHead(200, { 'content-type': NDJSON, 'cache-control': 'no-store' });
    raw.write(`${JSON.stringify(value)}\n`);
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
    if (raw.headersSent) end({ problem });
    else refuse(raw, problem);
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

function refuse(raw: ServerResponse, problem: Problem): void {
  raw.writeHead(problem.status, {
    ...problemHeaders(problem.code),
    'content-type': PROBLEM_MEDIA_TYPE,
    'cache-control': 'no-store',
  });
  raw.end(JSON.stringify(problem));
}
