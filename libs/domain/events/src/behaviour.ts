import { z } from 'zod';
import { durationMs, identifier, maybe, name, text } from './fields.ts';

const evidence = z.array(
  z.object({
    modality: z.enum(['voice', 'face', 'gesture', 'text']),
    signal: name,
    confidence: z.number().min(0).max(1),
  }),
);

const whose = { turn: identifier, user: maybe(identifier), evidence: maybe(evidence) };
const count = z.number().int().nonnegative();

const regenerated = z.object({ kind: z.literal('regenerated'), ...whose, by: maybe(identifier) });
const copied = z.object({ kind: z.literal('copied'), ...whose, characters: maybe(count) });
const edited = z.object({
  kind: z.literal('edited'),
  ...whose,
  before: text,
  after: text,
  accepted: maybe(z.boolean()),
  depth: maybe(z.number().nonnegative()),
});
const clicked = z.object({
  kind: z.literal('clicked'),
  ...whose,
  target: maybe(z.string()),
  rank: maybe(count),
});
const dwelled = z.object({ kind: z.literal('dwelled'), ...whose, ms: durationMs });
const interrupted = z.object({ kind: z.literal('interrupted'), ...whose, atMs: maybe(durationMs) });
const abandoned = z.object({ kind: z.literal('abandoned'), ...whose });
const escalated = z.object({ kind: z.literal('escalated'), ...whose, to: maybe(z.string()) });
const stopped = z.object({ kind: z.literal('stopped'), ...whose });

/** What a user did with an answer, without saying anything about it. */
export const behaviourV1 = z.discriminatedUnion('kind', [
  regenerated,
  copied,
  edited,
  clicked,
  dwelled,
  interrupted,
  abandoned,
  escalated,
  stopped,
]);
