import { z } from 'zod';
import { identifier, maybe, name } from './fields.ts';

/** The reactions that Heed knows the meaning of; an application may send words of its own. */
export const REACTION_KINDS = [
  'love',
  'like',
  'dislike',
  'laugh',
  'wow',
  'sad',
  'angry',
  'thumbs-up',
  'thumbs-down',
] as const;

/** What a user clicked below an answer, or took back. */
export const reactionV1 = z.object({
  turn: identifier,
  user: maybe(identifier),
  kind: name.meta({ examples: [...REACTION_KINDS] }),
  retracts: maybe(identifier),
});
