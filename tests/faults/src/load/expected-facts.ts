import type { Counted, PlannedLoad } from './planned-load.ts';

/**
 * What a warehouse must have of a load, one text for each fact, when `forgotten` users have been erased: their events are filed without
 * content and their dead letters without bytes; what they asked is gone, and with it every effect of and on it.
 */
export function expectedFacts(
  { counted }: PlannedLoad,
  forgotten: ReadonlySet<string> = new Set(),
): readonly string[] {
  const isForgotten = ({ user }: Counted): boolean => user !== undefined && forgotten.has(user);
  const erased = counted.filter((one) => one.fate === 'stored' && isForgotten(one));
  const erasedTurns = new Set(
    erased.flatMap(({ derived }) => (derived && 'turn' in derived ? [derived.turn] : [])),
  );
  // Nobody can tell any more whether the turn that an orphan there misses was erased.
  const withoutOrphans = new Set(erased.map(({ session }) => session));

  const derivedFrom = (one: Counted): readonly string[] => {
    const { name, session, derived, orphan } = one;
    if (orphan) return withoutOrphans.has(session) ? [] : [`orphan ${session} ${name}`];
    if (derived === undefined || isForgotten(one)) return [];
    if ('turn' in derived) return [`turn ${session} ${derived.turn} ${derived.request}`];
    return erasedTurns.has(derived.signalOf) ? [] : [`signal ${session} ${derived.signalOf} ${name}`];
  };
  return counted.flatMap((one) => {
    const { fate, name, session } = one;
    if (fate === 'stored') return [`stored ${session} ${name}`, ...derivedFrom(one)];
    // Bytes that cannot be read name no session.
    return [`${fate} ${fate === 'unreadable' ? '' : session} ${isForgotten(one) ? '' : name}`];
  });
}
