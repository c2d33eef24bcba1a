import { z } from 'zod';
import { identifier, judge, maybe, name, text } from './fields.ts';

const candidate = z
  .object({ turn: maybe(identifier), text: maybe(text), uri: maybe(z.string().min(1)) })
  .refine(({ turn, text: words, uri }) => turn !== undefined || words !== undefined || uri !== undefined, {
    error: 'at least one of turn, text and uri',
  })
  .meta({ anyOf: [{ required: ['turn'] }, { required: ['text'] }, { required: ['uri'] }] });

/** Of two answers, which one was preferred. */
export const comparisonV1 = z.object({
  turn: maybe(identifier),
  user: maybe(identifier),
  prompt: maybe(text),
  chosen: candidate,
  rejected: candidate,
  tie: maybe(z.boolean()),
  aspect: maybe(name),
  by: judge,
});
