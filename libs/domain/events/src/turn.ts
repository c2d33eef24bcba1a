import { z } from 'zod';
import { exposure } from './exposure.ts';
import { durationMs, identifier, maybe, name, named, text, timestamp } from './fields.ts';

const media = z.array(z.object({ uri: z.string().min(1), mediaType: z.string().min(1) }));

const request = z.object({
  text,
  interpretation: maybe(z.object({ intent: name, slots: maybe(named(z.string())) })),
  media: maybe(media),
});

export const responseBody = z.object({
  text,
  model: maybe(name),
  promptVersion: maybe(name),
  media: maybe(media),
});

/** The stages that Heed knows by name; an application may add its own. */
export const STAGE_NAMES = ['plan', 'retrieve', 'generate', 'tool'] as const;

export const stageRun = z.object({
  name,
  input: maybe(z.unknown()).describe('Text, or any JSON value'),
  output: maybe(z.unknown()).describe('Text, or any JSON value'),
  status: maybe(z.string()),
  startedAt: maybe(timestamp),
  endedAt: maybe(timestamp),
});

/** One request of the user and, when it is known already, the answer to it. */
export const turnV1 = z.object({
  turn: identifier,
  user: maybe(identifier),
  request,
  response: maybe(responseBody),
  served: maybe(z.object({ fix: identifier, text })),
  exposures: maybe(z.array(exposure)),
  stages: maybe(z.array(stageRun)),
  latencyMs: maybe(durationMs),
  locale: maybe(z.string()),
  surface: maybe(z.string()),
  attributes: maybe(
    named(z.union([z.string(), z.number(), z.boolean()], { error: 'a string, a number or a boolean' })),
  ),
});
