import { z } from 'zod';
import { durationMs, identifier, maybe } from './fields.ts';
import { responseBody, stageRun } from './turn.ts';

/** The answer to a turn that was sent before its answer was known. */
export const responseV1 = z.object({
  turn: identifier,
  response: responseBody,
  stages: maybe(z.array(stageRun)),
  latencyMs: maybe(durationMs),
});
