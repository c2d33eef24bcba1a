import type { HeedEvent } from '@heed/events';
import { userId, type UserId } from '@heed/kernel';
import type { Signal } from './derived-session.ts';

/**
 * The signal that an event leaves on its turn; `undefined` where it leaves none: turns and responses are what signals are
 * about, an exposure is something done to the user, and erasure has its own place later (see derive-session.ts).
 */
export function signalOf(event: HeedEvent): Signal | undefined {
  const reading = readSignal(event);
  if (reading === undefined) return undefined;
  const user = userOf(event);
  return {
    event: event.id,
    kind: reading.kind,
    atMs: event.timeMs,
    ...(user === undefined ? {} : { user }),
    ...(reading.value === undefined ? {} : { value: reading.value }),
  };
}

/** The user whom an event names, if its type can name one. An erasure names somebody who is to be forgotten: not a user of the session. */
export function userOf(event: HeedEvent): UserId | undefined {
  if (event.name === 'erasure' || !('user' in event.data)) return undefined;
  return userId(event.data.user);
}

interface Reading {
  readonly kind: string;
  readonly value?: number | undefined;
}

function readSignal(event: HeedEvent): Reading | undefined {
  switch (event.name) {
    case 'reaction':
      return { kind: `reaction.${event.data.kind}` };
    case 'behaviour':
      return { kind: `behaviour.${event.data.kind}`, value: sizeOfBehaviour(event.data) };
    case 'comment':
      return { kind: 'comment' };
    case 'annotation':
      return { kind: `annotation.${event.data.label}` };
    case 'comparison':
      return { kind: event.data.tie === true ? 'comparison.tie' : 'comparison' };
    case 'rating':
      return { kind: `rating.${event.data.aspect}`, value: scaledRating(event.data) };
    case 'stage':
      return { kind: `stage.${event.data.stage}`, value: event.data.verdict === 'good' ? 1 : 0 };
    case 'check':
      return { kind: `check.${event.data.name}`, value: event.data.value ?? asNumber(event.data.passed) };
    case 'outcome':
      return { kind: `outcome.${event.data.name}`, value: asNumber(event.data.value) };
    case 'turn':
    case 'response':
    case 'exposure':
    case 'erasure':
      return undefined;
  }
}

type DataOf<Name extends HeedEvent['name']> = Extract<HeedEvent, { name: Name }>['data'];

/** A rating's place on its scale, 0..1. */
export function scaledRating({ value, scale }: DataOf<'rating'>): number {
  return (value - scale.min) / (scale.max - scale.min);
}

/** Milliseconds dwelled or until interrupted, characters copied, depth of an edit, rank clicked; absent for the others. */
function sizeOfBehaviour(data: DataOf<'behaviour'>): number | undefined {
  switch (data.kind) {
    case 'dwelled':
      return data.ms;
    case 'interrupted':
      return data.atMs;
    case 'copied':
      return data.characters;
    case 'edited':
      return data.depth;
    case 'clicked':
      return data.rank;
    case 'regenerated':
    case 'abandoned':
    case 'escalated':
    case 'stopped':
      return undefined;
  }
}

function asNumber(value: boolean | number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
