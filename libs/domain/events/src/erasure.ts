import { z } from 'zod';
import { identifier, maybe, text } from './fields.ts';

/** That a user is to be forgotten. */
export const erasureV1 = z.object({ user: identifier, reason: maybe(text) });
