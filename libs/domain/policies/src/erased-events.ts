import type { ErasureRegister, PendingErasure } from '@heed/events';
import type { TouchedEvents } from '@heed/sessions';

/** What an erasure took, as far as it can still be told. */
export interface ErasedEvents {
  readonly erasure: string;
  /** Ids of every event of the sessions that it touched, of those that the warehouse still knows. */
  readonly events: readonly string[];
  /** When the first of the user's events was received; null where no key tells. */
  readonly userSinceMs: number | null;
}

/** What a model rests on. */
export interface ModelGrounds {
  readonly restsOn: (event: string) => boolean;
  /** When its earliest example happened. */
  readonly fromMs: number;
  /** When its training was asked for, before anything was read. */
  readonly trainedAtMs: number;
}

/** Of an erasure that is as far as that the sessions it touches are named. The same before it is carried out and after. */
export async function erasedEventsOf(
  {
    register,
    touched,
  }: {
    readonly register: Pick<ErasureRegister, 'seals' | 'firstReceivedMs'>;
    readonly touched: TouchedEvents;
  },
  erasure: PendingErasure,
): Promise<ErasedEvents> {
  const { id, tenant, reach } = erasure;
  return {
    erasure: id,
    events: await touched.ids(tenant, await register.seals(erasure, reach?.sessions ?? [])),
    userSinceMs: await register.firstReceivedMs(erasure),
  };
}

/** Which erasures a model leans on. */
export interface Leaning {
  readonly erasures: readonly string[];
  /** False where nobody can tell: its card is gone, or retention has taken events that it may rest on. */
  readonly isCertain: boolean;
}

/**
 * Null where it leans on none. Of what retention has taken since a model was trained nobody can tell any more whose it was: then a model that learnt
 * from that time leans on everybody who was there.
 *
 * @param grounds null where nothing tells what the model rests on: then it may be anything
 * @param expiredBeforeMs up to when retention has taken what was received, since the model was trained; null where it took nothing
 */
export function leaningOf(
  grounds: ModelGrounds | null,
  erased: readonly ErasedEvents[],
  expiredBeforeMs: number | null,
): Leaning | null {
  const certain = erased.filter(({ events }) => grounds !== null && events.some(grounds.restsOn));
  if (certain.length > 0) return { erasures: certain.map(({ erasure }) => erasure), isCertain: true };
  const mayHave = ({ events, userSinceMs }: ErasedEvents): boolean =>
    (grounds === null && events.length > 0) ||
    (expiredBeforeMs !== null &&
      (grounds === null || grounds.fromMs < expiredBeforeMs) &&
      (userSinceMs === null || userSinceMs < expiredBeforeMs));
  const possible = erased.filter(mayHave).map(({ erasure }) => erasure);
  return possible.length === 0 ? null : { erasures: possible, isCertain: false };
}
