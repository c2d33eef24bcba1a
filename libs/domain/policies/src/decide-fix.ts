import { err, ok, type Result } from '@heed/kernel';
import type { RewriteEvidence } from '@heed/mining';
import type { Fix, FixCommand, FixEvent, FixRefusal, FixState, FixStatus } from './fix.ts';

type Propose = Extract<FixCommand, { kind: 'propose' }>;
type Action = Exclude<FixCommand, Propose | { kind: 'mark-stale' }>;
type Move = Exclude<FixEvent['kind'], 'fix-proposed' | 'fix-evidence-renewed' | 'fix-went-stale'>;

/**
 * The state machine: what an action emits in each status. `[]` means it holds already, so the command changes nothing and
 * may be repeated; `null` means refused. Nothing serves unvetted: the missing `fix-vetted` is emitted in the name of whoever
 * went straight on. A retired fix comes back by `live` alone, as a fresh approval. `blocked` is final.
 */
const MOVES: Readonly<Record<FixStatus, Readonly<Record<Action['kind'], readonly Move[] | null>>>> = {
  proposed: {
    approve: ['fix-vetted'],
    canary: ['fix-vetted', 'fix-put-in-canary'],
    live: ['fix-vetted', 'fix-went-live'],
    retire: ['fix-retired'],
    block: ['fix-blocked'],
  },
  vetted: {
    approve: [],
    canary: ['fix-put-in-canary'],
    live: ['fix-went-live'],
    retire: ['fix-retired'],
    block: ['fix-blocked'],
  },
  canary: {
    approve: null,
    canary: [],
    live: ['fix-went-live'],
    retire: ['fix-retired'],
    block: ['fix-blocked'],
  },
  live: { approve: null, canary: null, live: [], retire: ['fix-retired'], block: ['fix-blocked'] },
  retired: {
    approve: null,
    canary: null,
    live: ['fix-vetted', 'fix-went-live'],
    retire: [],
    block: ['fix-blocked'],
  },
  blocked: { approve: null, canary: null, live: null, retire: null, block: [] },
};

/**
 * What a command means for a fix as it stands: the events to append (none when nothing changes), or why not.
 *
 * @example decideFix({ kind: 'live', atMs, who: 'ada', why: 'read the sessions' }, state)
 */
export function decideFix(command: FixCommand, state: FixState): Result<readonly FixEvent[], FixRefusal> {
  if (command.kind === 'propose')
    return state.status === 'none' ? ok([proposed(command)]) : proposeAgain(command, state);
  if (state.status === 'none') {
    return refuse(
      'fix-unknown',
      `There is no such fix to ${command.kind}; list the fixes and use an id from there.`,
    );
  }
  const { atMs, who, why } = command;
  if (command.kind === 'mark-stale')
    return ok(isBeyondStale(state) ? [] : [{ kind: 'fix-went-stale', atMs, who, why }]);
  const moves = MOVES[state.status][command.kind];
  if (moves === null) return refuseMove(command, state);
  return ok(moves.map((kind) => ({ kind, atMs, who, why })));
}

function proposed({ id, tenant, rewrite, evidence, atMs, who, why }: Propose): FixEvent {
  return { kind: 'fix-proposed', id, tenant, rewrite, evidence, atMs, who, why };
}

/** Blocked for good, nobody will rest on its evidence again; stale already, it says so. */
function isBeyondStale({ status, stale }: Fix): boolean {
  return status === 'blocked' || stale !== null;
}

/**
 * Mined again: the evidence is renewed when it says something else (see sameFindings), or when it was stale. The text may follow the newest wording only while nobody has looked at it; what a
 * person vetted, and what is being served, never changes silently. A retired or blocked fix stays as it is: a person took it
 * out, and only a person may bring a retired one back.
 */
function proposeAgain(command: Propose, fix: Fix): Result<readonly FixEvent[], FixRefusal> {
  if (!sameStates(command, fix)) {
    return refuse(
      'fix-transition-not-allowed',
      `${fix.id} already names another rewrite (${fix.rewrite.fromState} > ${fix.rewrite.toState}): two pairs fell on one id. Report it; the earlier fix is untouched.`,
    );
  }
  if (fix.status === 'blocked') return refuseBlocked(fix);
  if (fix.status === 'retired') {
    return refuse(
      'fix-transition-not-allowed',
      `${fix.id} was retired and is not proposed again; a person may bring it back with 'live'.`,
    );
  }
  const rewrite = fix.status === 'proposed' ? command.rewrite : fix.rewrite;
  const { evidence, atMs, who, why } = command;
  if (fix.stale === null && sameData(rewrite, fix.rewrite) && sameFindings(evidence, fix.evidence))
    return ok([]);
  return ok([{ kind: 'fix-evidence-renewed', rewrite, evidence, atMs, who, why }]);
}

function sameStates({ tenant, rewrite }: Propose, fix: Fix): boolean {
  return (
    tenant === fix.tenant &&
    rewrite.fromState === fix.rewrite.fromState &&
    rewrite.toState === fix.rewrite.toState
  );
}

function refuseMove(command: Action, fix: Fix): Result<never, FixRefusal> {
  if (fix.status === 'blocked') return refuseBlocked(fix);
  const open = Object.entries(MOVES[fix.status])
    .filter(([, moves]) => moves !== null && moves.length > 0)
    .map(([action]) => action);
  return refuse(
    'fix-transition-not-allowed',
    `${fix.id} is ${fix.status}, so '${command.kind}' is not possible; possible now: ${open.join(', ')}.`,
  );
}

function refuseBlocked(fix: Fix): Result<never, FixRefusal> {
  return refuse(
    'fix-blocked',
    `${fix.id} is blocked for good; another rewrite of the same request is still possible.`,
  );
}

function refuse(code: FixRefusal['code'], message: string): Result<never, FixRefusal> {
  return err({ code, message });
}

/**
 * Whether two minings found the same: the same counts, the same verdicts of the same gates, by the same versions. Figures that
 * follow from the counts, and the window that moves every day, are no news by themselves: kept as such, every mining would
 * append an event for every fix for ever.
 */
function sameFindings(a: RewriteEvidence, b: RewriteEvidence): boolean {
  return sameData(findings(a), findings(b));
}

function findings({ wins, losses, unlabelled, users, sessions, gates, versions }: RewriteEvidence): unknown {
  const verdicts = gates.map(({ gate, passed }) => ({ gate, passed }));
  return { wins, losses, unlabelled, users, sessions, verdicts, versions };
}

/** Plain data compared by content, whatever the order of keys (stored evidence comes back in the schema's order). */
function sameData(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && sameData(value, right.get(key)))
  );
}
