import { turnId, type TurnId } from '@heed/kernel';
import { readCues } from './cues.ts';
import type { ReadRequest } from './reformulation/reformulation-model.ts';
import { profileRequest } from './request-profile.ts';
import type { Interpretation } from './state-of.ts';
import type { TurnDraft } from './turn-draft.ts';

/** A turn with its request read, as the models want it. */
export interface AskedTurn {
  readonly id: TurnId;
  readonly draft: TurnDraft;
  readonly request: ReadRequest;
}

export function askedTurn(draft: TurnDraft): AskedTurn {
  const { text, interpretation } = draft.event.data.request;
  return { id: turnId(draft.event.data.turn), draft, request: readRequest(text, interpretation) };
}

export function readRequest(text: string, interpretation?: Interpretation): ReadRequest {
  const profile = profileRequest(text);
  const cues = readCues(profile.text);
  return interpretation === undefined ? { profile, cues } : { profile, cues, interpretation };
}
