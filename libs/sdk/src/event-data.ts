// What an application may say, by type. The reference, field by field, is docs/events.md.

export interface TurnData {
  readonly turn: string;
  readonly user?: string;
  readonly request: {
    readonly text: string;
    readonly interpretation?: { readonly intent: string; readonly slots?: Readonly<Record<string, string>> };
    readonly media?: readonly Media[];
  };
  readonly response?: ResponseContent;
  /** The rewrite that was used: give `served(decision)`. Without it Heed cannot tell what its fixes bring about. */
  readonly served?: { readonly fix: string; readonly text: string };
  readonly exposures?: readonly Exposure[];
  readonly stages?: readonly StageRun[];
  readonly latencyMs?: number;
  readonly locale?: string;
  readonly surface?: string;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

export interface ResponseContent {
  readonly text: string;
  readonly model?: string;
  readonly promptVersion?: string;
  readonly media?: readonly Media[];
}

export interface Media {
  readonly uri: string;
  readonly mediaType: string;
}

export interface Exposure {
  readonly policy: string;
  readonly variant: string;
  readonly propensity: number;
  readonly unit: string;
}

export interface StageRun {
  readonly name: string;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly status?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
}

export interface BehaviourDetails {
  readonly regenerated: { readonly by?: string };
  readonly copied: { readonly characters?: number };
  readonly edited: {
    readonly before: string;
    readonly after: string;
    readonly accepted?: boolean;
    readonly depth?: number;
  };
  readonly clicked: { readonly target?: string; readonly rank?: number };
  readonly dwelled: { readonly ms: number };
  readonly interrupted: { readonly atMs?: number };
  readonly abandoned: object;
  readonly escalated: { readonly to?: string };
  readonly stopped: object;
}

export type BehaviourData = {
  readonly [Kind in keyof BehaviourDetails]: {
    readonly turn: string;
    readonly user?: string;
    readonly kind: Kind;
    readonly evidence?: readonly BehaviourEvidence[];
  } & BehaviourDetails[Kind];
}[keyof BehaviourDetails];

export interface TextSpan {
  readonly part: 'request' | 'response';
  readonly start: number;
  readonly end: number;
}

/** Sides as shares of the picture's, 0 to 1. */
export interface ImageBox {
  readonly uri: string;
  readonly box: readonly [x: number, y: number, width: number, height: number];
}

/** What was seen or heard that says so. */
export interface BehaviourEvidence {
  readonly modality: 'voice' | 'face' | 'gesture' | 'text';
  readonly signal: string;
  readonly confidence: number;
}

export interface Compared {
  readonly turn?: string;
  readonly text?: string;
  readonly uri?: string;
}

/** `data` of each event type, at the version that this SDK sends. */
export interface EventDataByType {
  readonly 'heed.turn.v1': TurnData;
  readonly 'heed.response.v1': Pick<TurnData, 'turn' | 'stages' | 'latencyMs'> & {
    readonly response: ResponseContent;
  };
  readonly 'heed.reaction.v1': {
    readonly turn: string;
    readonly user?: string;
    readonly kind: string;
    readonly retracts?: string;
  };
  readonly 'heed.behaviour.v1': BehaviourData;
  readonly 'heed.comment.v1': {
    readonly turn: string;
    readonly user?: string;
    readonly text: string;
    readonly stage?: string;
  };
  readonly 'heed.annotation.v1': {
    readonly turn: string;
    readonly user?: string;
    readonly target: TextSpan | ImageBox;
    readonly label: string;
    readonly severity?: string | number;
    readonly missing?: boolean;
    readonly correction?: string;
  };
  readonly 'heed.stage.v1': {
    readonly turn: string;
    readonly user?: string;
    readonly stage: string;
    readonly verdict: 'good' | 'bad';
    readonly correction?: string;
  };
  readonly 'heed.check.v1': {
    readonly turn: string;
    readonly name: string;
    readonly passed?: boolean;
    readonly value?: number;
    readonly unit?: string;
    readonly detail?: string;
  };
  readonly 'heed.comparison.v1': {
    readonly turn?: string;
    readonly user?: string;
    readonly prompt?: string;
    readonly chosen: Compared;
    readonly rejected: Compared;
    readonly tie?: boolean;
    readonly aspect?: string;
    readonly by: 'human' | 'model';
  };
  readonly 'heed.rating.v1': {
    /** Absent: the whole session. */
    readonly turn?: string;
    readonly user?: string;
    readonly aspect: string;
    readonly value: number;
    readonly scale: { readonly min: number; readonly max: number };
    readonly by: 'human' | 'model';
  };
  readonly 'heed.outcome.v1': {
    /** Absent: the whole session. */
    readonly turn?: string;
    readonly name: string;
    readonly value: boolean | number;
    readonly occurredAt?: string;
  };
  readonly 'heed.exposure.v1': Exposure & { readonly turn?: string };
  readonly 'heed.erasure.v1': { readonly user: string; readonly reason?: string };
}

export type EventType = keyof EventDataByType;
