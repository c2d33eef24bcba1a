import { Fault } from '@heed/kernel';
import type { Fix, FixEvent, FixState, FixStatus } from './fix.ts';

export const initialFix: FixState = { status: 'none' };

/**
 * What a fix is after one more event. History keeps the steps from status to status, and that it
 * became stale; evidence renewed is not a step.
 *
 * @throws Fault `fix-history-broken` when an event stands in a stream that no 'fix-proposed' opened, or that a second one
 * would begin anew.
 */
export function evolveFix(state: FixState, event: FixEvent): FixState {
  switch (event.kind) {
    case 'fix-proposed': {
      if (state.status !== 'none') throw broken(`has a second 'fix-proposed' while it is ${state.status}`);
      const { id, tenant, rewrite, evidence } = event;
      const history = [step('proposed', event)];
      return { status: 'proposed', id, tenant, rewrite, evidence, stale: null, history };
    }
    case 'fix-evidence-renewed':
      return {
        ...proposedBefore(state, event),
        rewrite: event.rewrite,
        evidence: event.evidence,
        stale: null,
      };
    case 'fix-went-stale':
      return wentStale(proposedBefore(state, event), event);
    case 'fix-vetted':
      return moved(state, 'vetted', event);
    case 'fix-put-in-canary':
      return moved(state, 'canary', event);
    case 'fix-went-live':
      return moved(state, 'live', event);
    case 'fix-retired':
      return moved(state, 'retired', event);
    case 'fix-blocked':
      return moved(state, 'blocked', event);
  }
}

function moved(state: FixState, status: FixStatus, event: FixEvent): Fix {
  const fix = proposedBefore(state, event);
  return { ...fix, status, history: [...fix.history, step(status, event)] };
}

function wentStale(fix: Fix, event: FixEvent): Fix {
  const { atMs, who, why } = event;
  const history = [...fix.history, { ...step(fix.status, event), stale: true as const }];
  return { ...fix, stale: { atMs, who, why }, history };
}

function step(status: FixStatus, { atMs, who, why }: FixEvent): Fix['history'][number] {
  return { status, atMs, who, why };
}

function proposedBefore(state: FixState, event: FixEvent): Fix {
  if (state.status !== 'none') return state;
  throw broken(`begins with '${event.kind}' instead of 'fix-proposed'`);
}

function broken(how: string): Fault {
  return new Fault(
    'fix-history-broken',
    `The history of a fix ${how}.`,
    'The event store was changed outside Heed: restore it from a backup.',
  );
}
