import { ingestResponse, problem } from '@heed/contract';
import { z } from 'zod';
import type { FuzzRequest } from './fuzz-request.ts';
import { isOwedAnswer, type FuzzAnswer } from './send.ts';

/** What is wrong with an answer; null when it is as every answer has to be. */
export function faultOf(request: FuzzRequest, answer: FuzzAnswer): string | null {
  const { status } = answer;
  if (status === 0) return isOwedAnswer(request) ? 'no answer' : null;
  if (status >= 500) return `status ${status}: ${answer.text.slice(0, 300)}`;
  if (status >= 400) return isOtlp(request, answer) ? null : problemFault(request, answer);
  if (status === 202) return ingestFault(request, answer);
  return streamFault(answer);
}

const otlpStatus = z.object({ code: z.number().int().positive(), message: z.string().min(1) });

/** What its route refuses of traces it says as OTLP does, in a `Status`. */
function isOtlp({ path }: FuzzRequest, { type, text }: FuzzAnswer): boolean {
  if (!path.startsWith('/v1/traces')) return false;
  if (type.startsWith('application/x-protobuf')) return text !== '';
  return type.startsWith('application/json') && otlpStatus.safeParse(jsonOf(text)).success;
}

function problemFault(
  { method }: FuzzRequest,
  { status, type, retryAfter, text }: FuzzAnswer,
): string | null {
  if (!type.startsWith('application/problem+json')) return `status ${status} of type '${type}'`;
  if (status === 429 && !/^[1-9]\d*$/u.test(retryAfter ?? '')) return '429 without Retry-After';
  if (method === 'HEAD') return null;
  const parsed = problem.safeParse(jsonOf(text));
  if (!parsed.success) return `a problem of another shape: ${text.slice(0, 300)}`;
  const { data } = parsed;
  if (data.status !== status) return `status ${status}, and the problem says ${data.status}`;
  const isSaid = [data.code, data.title, data.detail, data.remedy].every((words) => words !== '');
  return isSaid ? null : `a problem that says nothing: ${text.slice(0, 300)}`;
}

/** Each event has its own result, and what was done to one changes nothing for another. */
function ingestFault({ untouched }: FuzzRequest, { text }: FuzzAnswer): string | null {
  const parsed = ingestResponse.safeParse(jsonOf(text));
  if (!parsed.success) return `202 of another shape: ${text.slice(0, 300)}`;
  const accepted = new Set(
    parsed.data.results.filter(({ status }) => status === 'accepted').map(({ id }) => id),
  );
  const lost = untouched.filter((id) => !accepted.has(id));
  return lost.length === 0 ? null : `valid events not accepted: ${lost.join(', ')}`;
}

/** Long work answers in lines, and its status is in the last. */
function streamFault({ type, text }: FuzzAnswer): string | null {
  if (!type.startsWith('application/x-ndjson')) return null;
  const last = jsonOf(text.trim().split('\n').at(-1) ?? '');
  if (typeof last !== 'object' || last === null) return 'lines without a last one';
  if (!('problem' in last)) return 'result' in last ? null : 'lines that end in the middle';
  const parsed = problem.safeParse(last.problem);
  if (!parsed.success) return 'a last line with a problem of another shape';
  return parsed.data.status >= 500 ? `work that ended in ${parsed.data.code}` : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
