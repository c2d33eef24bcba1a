import type { ErasedSeals, LogEntry } from '@heed/events';

/** Which of these erasures take an entry, be it erased already or not: their places in the list, in its order. */
export type TakersOf = (entry: Pick<LogEntry, 'sealedBy' | 'receivedAtMs'>) => readonly number[];

export function takersOf(erasures: readonly ErasedSeals[]): TakersOf {
  const bySeal = new Map<string, { readonly place: number; readonly upToMs: number }[]>();
  const add = (seal: string, place: number, upToMs: number): void => {
    const takers = bySeal.get(seal) ?? [];
    takers.push({ place, upToMs });
    bySeal.set(seal, takers);
  };
  for (const [place, { destroyed, dated, upToMs }] of erasures.entries()) {
    for (const seal of new Set(destroyed)) add(seal, place, Infinity);
    for (const seal of new Set(dated)) add(seal, place, upToMs);
  }
  return ({ sealedBy = '', receivedAtMs }) =>
    (bySeal.get(sealedBy) ?? []).filter(({ upToMs }) => receivedAtMs <= upToMs).map(({ place }) => place);
}
