import type { leaningOf, StaleReason } from '@heed/policies';

const CERTAIN = 'events that it rests on are gone: a user was forgotten';
const POSSIBLE =
  'events that it may rest on are gone: a user was forgotten, and of what it learnt from retention has removed a part, or its card is gone, so that nobody can tell whose it was';

/** The reason that is recorded, and what a person reads. */
export function staleByErasure({ erasures, isCertain }: NonNullable<ReturnType<typeof leaningOf>>): {
  readonly reason: StaleReason;
  readonly why: string;
} {
  return { reason: { because: 'erasure', events: erasures }, why: isCertain ? CERTAIN : POSSIBLE };
}
