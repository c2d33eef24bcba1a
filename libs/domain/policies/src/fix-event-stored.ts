import { fixId, sessionId, tenantId } from '@heed/kernel';
import { z } from 'zod';
import type { NewStoredEvent } from './event-store.ts';
import type { FixEvent } from './fix.ts';
import {
  attributionFromStored,
  attributionToStored,
  parseStored,
  storedAttribution,
  unknownType,
} from './stored-shape.ts';

// The stored shapes, apart from the domain's: once written they are read for ever. A change of the domain's shape leaves
// these as they are; a change of what is written gets a new version beside them, and an upcast here. `golden/` has the bytes
// of every version.

const rewrite = z.object({ fromState: z.string(), toState: z.string(), from: z.string(), to: z.string() });

const evidence = z.object({
  window: z.object({ since: z.string().nullable(), until: z.string().nullable() }),
  wins: z.number(),
  losses: z.number(),
  unlabelled: z.number(),
  users: z.number(),
  sessions: z.number(),
  sessionIds: z.array(z.string().transform(sessionId)),
  lowerBound: z.number(),
  gates: z.array(
    z.object({
      gate: z.enum(['sessions', 'users', 'exploration', 'similarity', 'blockList', 'lowerBound']),
      measured: z.number(),
      threshold: z.number(),
      margin: z.number(),
      passed: z.boolean(),
    }),
  ),
  absorption: z.object({
    n_i: z.number(),
    n_j: z.number(),
    Q_ij: z.number(),
    N_ij: z.number(),
    R_j: z.number(),
    B: z.number(),
    winProbability: z.number(),
    errorBound: z.number(),
  }),
  versions: z.record(z.string(), z.string()),
});

const fixProposedV1 = storedAttribution.extend({
  fix: z.string().transform(fixId),
  tenant: z.string().transform(tenantId),
  rewrite,
  evidence,
});
const fixEvidenceRenewedV1 = storedAttribution.extend({ rewrite, evidence });

/**
 * The shape in which an event of a fix is stored, at the newest version of its type. The inverse of `fixEventFromStored`.
 * Every event is written by name here, so that a field added to the domain is not stored by accident.
 */
export function fixEventToStored(event: FixEvent): NewStoredEvent {
  const by = attributionToStored(event);
  switch (event.kind) {
    case 'fix-proposed': {
      const { id, tenant, rewrite, evidence } = event;
      return { type: 'fix-proposed.v1', data: { fix: id, tenant, rewrite, evidence, ...by } };
    }
    case 'fix-evidence-renewed': {
      const { rewrite, evidence } = event;
      return { type: 'fix-evidence-renewed.v1', data: { rewrite, evidence, ...by } };
    }
    case 'fix-went-stale':
    case 'fix-vetted':
    case 'fix-put-in-canary':
    case 'fix-went-live':
    case 'fix-retired':
    case 'fix-blocked':
      return { type: `${event.kind}.v1`, data: by };
  }
}

/**
 * Reads an event of any stored version as the domain has it now.
 *
 * @throws Fault `stored-event-unreadable` for a type or a shape that no version of Heed up to this one has written.
 */
export function fixEventFromStored({ type, data }: NewStoredEvent): FixEvent {
  switch (type) {
    case 'fix-proposed.v1': {
      const { fix, at, ...rest } = parseStored(fixProposedV1, type, data);
      return { kind: 'fix-proposed', id: fix, atMs: Date.parse(at), ...rest };
    }
    case 'fix-evidence-renewed.v1': {
      const { at, ...rest } = parseStored(fixEvidenceRenewedV1, type, data);
      return { kind: 'fix-evidence-renewed', atMs: Date.parse(at), ...rest };
    }
    case 'fix-went-stale.v1':
      return { kind: 'fix-went-stale', ...attributionFromStored(type, data) };
    case 'fix-vetted.v1':
      return { kind: 'fix-vetted', ...attributionFromStored(type, data) };
    case 'fix-put-in-canary.v1':
      return { kind: 'fix-put-in-canary', ...attributionFromStored(type, data) };
    case 'fix-went-live.v1':
      return { kind: 'fix-went-live', ...attributionFromStored(type, data) };
    case 'fix-retired.v1':
      return { kind: 'fix-retired', ...attributionFromStored(type, data) };
    case 'fix-blocked.v1':
      return { kind: 'fix-blocked', ...attributionFromStored(type, data) };
    default:
      throw unknownType(type);
  }
}
