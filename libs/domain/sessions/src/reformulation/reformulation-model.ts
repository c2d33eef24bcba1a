import type { ReformulationKind } from '../derived-session.ts';
import type { Interpretation } from '../state-of.ts';
import type { Cues } from '../cues.ts';
import type { RequestProfile } from '../request-profile.ts';

/** A request as the models read it. */
export interface ReadRequest {
  readonly profile: RequestProfile;
  readonly cues: Cues;
  readonly interpretation?: Interpretation;
}

/** Two requests of one session, and what happened between them. */
export interface RequestPair {
  readonly earlier: ReadRequest;
  readonly later: ReadRequest;
  /** 1 for neighbours, 2 with one turn between them, ... */
  readonly turnsApart: number;
  readonly gapMs: number;
  /** The earlier answer ended by asking something, so that the later request may be the reply. Only of neighbours. */
  readonly asked: boolean;
  /** The earlier answer was interrupted, stopped, regenerated, abandoned, escalated or disliked. */
  readonly troubled: boolean;
  /** The earlier answer was copied or liked. */
  readonly welcomed: boolean;
}

export interface Judgement {
  readonly kind: ReformulationKind;
  /** Of the kind given. */
  readonly probability: number;
}

/** Decides whether a request says an earlier one again. Pure: the same pair gets the same judgement. */
export interface ReformulationModel {
  readonly version: string;
  /** A request is compared with at most so many turns before it, which keeps long sessions linear. */
  readonly windowTurns: number;
  judge(pair: RequestPair): Judgement;
  /** Probability that the later request is a reformulation of any kind. */
  score(pair: RequestPair): number;
}
