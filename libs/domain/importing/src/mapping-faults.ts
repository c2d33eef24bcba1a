import type { z } from 'zod';

interface MappingOutline {
  readonly session?: unknown;
  readonly user?: unknown;
  readonly time: { readonly path?: unknown; readonly secondsPerTurn?: unknown };
  readonly turns?: { readonly each?: unknown; readonly time?: unknown };
  readonly messages?: { readonly time?: unknown };
}

/** What no single part of a mapping can tell: whether its parts fit together. */
export function mappingFaults(mapping: MappingOutline, context: z.core.$RefinementCtx): void {
  for (const message of faultsOf(mapping)) context.addIssue({ code: 'custom', message, input: undefined });
}

function* faultsOf({ session, user, time, turns, messages }: MappingOutline): Generator<string> {
  if ((turns === undefined) === (messages === undefined)) {
    yield 'expected either "turns" (request and response in one place) or "messages" (a list that both sides speak in)';
    return;
  }
  const isFlat = turns !== undefined && turns.each === undefined;
  const hasOwnTimes = (turns ?? messages)?.time !== undefined || (isFlat && time.path !== undefined);
  if (!hasOwnTimes && time.secondsPerTurn === undefined) {
    yield 'expected time.secondsPerTurn, as the turns have no times of their own';
  }
  if (isFlat && session === undefined && user === undefined) {
    yield 'expected a session, or a user whose sessions are told apart by an idle gap';
  }
}
