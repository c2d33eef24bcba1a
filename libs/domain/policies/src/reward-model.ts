import type { Brand, TenantId } from '@heed/kernel';
import type { Attribution } from './fix.ts';

export type ModelId = Brand<'ModelId'>;
export const modelId = (value: string): ModelId => value as ModelId;

export const MODEL_PURPOSES = ['love', 'defect', 'followup'] as const;
export type ModelPurpose = (typeof MODEL_PURPOSES)[number];

/** What a reward model may be called: it stands in addresses and on command lines. */
export const MODEL_NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** What one training made: a file, and the card that tells of it. Neither is in here, only their hashes. */
export interface TrainedModel {
  /** See `modelIdOf`. */
  readonly id: ModelId;
  readonly tenant: TenantId;
  /** 'love', or a name of its own: a tenant may have several models of one purpose, each with a life of its own. */
  readonly name: string;
  readonly purpose: ModelPurpose;
  /** SHA-256 of the file, in hex. */
  readonly version: string;
  readonly featuresVersion: string;
  readonly trainedAtMs: number;
  /** SHA-256 of the card, in hex. */
  readonly card: string;
  /** Every gate that judged it, those that were passed too. */
  readonly gates: readonly ModelGate[];
  /** Of a model of failed turns that was held against the rules; absent, too, where it was recorded before this was: its card tells then. */
  readonly besideRules?: BesideRules | undefined;
}

/** What whoever decides outcomes must know of a model. In the record, so that all who follow it decide alike from one step on. */
export interface BesideRules {
  /** It beat them, and no gate refused it. */
  readonly replacesRules: boolean;
  /** Probability from which on it says that a turn failed. */
  readonly threshold: number;
}

export interface ModelGate {
  readonly gate: string;
  readonly passed: boolean;
  /** For a person: what was measured and, where it was not passed, by how much it missed. */
  readonly says: string;
}

/**
 * `passed` and `refused` are what the gates said. `superseded` by another model of its name that went live, `retired` by a
 * person; both may come back.
 */
export const MODEL_STATUSES = ['trained', 'passed', 'refused', 'live', 'superseded', 'retired'] as const;
export type ModelStatus = (typeof MODEL_STATUSES)[number];

/** One trained model and what became of it. */
export interface RewardModel extends TrainedModel {
  readonly status: ModelStatus;
  /** Why it does not hold as it stands: only another training helps. Null while it does. A stale model that is live is served until another takes its place. */
  readonly stale: (StaleReason & Attribution) | null;
  readonly history: readonly ModelStep[];
}

export interface ModelStep extends Attribution {
  readonly status: ModelStatus;
  /** The step is that it became stale: its status stayed as it was. */
  readonly stale?: true;
}

export type StaleReason =
  | {
      readonly because: 'retraction' | 'erasure';
      /** Ids of the events that were taken back, or that took back; of an erasure its own id, for those it removed are gone. */
      readonly events: readonly string[];
    }
  | { readonly because: 'drift'; readonly figures: readonly DriftFigure[] };

export interface DriftFigure {
  /** What has drifted, e.g. a feature, or 'score'. */
  readonly of: string;
  readonly measured: number;
  /** The most it may be. */
  readonly bound: number;
}

/**
 * All models of one name of a tenant, in the order of their training: the aggregate, because of a name at most one is live.
 * `none` before the first was trained.
 */
export type RewardModelLine = { readonly status: 'none' } | NamedRewardModels;

export interface NamedRewardModels {
  readonly status: 'some';
  readonly tenant: TenantId;
  readonly name: string;
  readonly purpose: ModelPurpose;
  readonly models: readonly RewardModel[];
}

/** As every command it brings who, why and when; the aggregate has no clock. */
export type RewardModelCommand =
  | ({
      readonly kind: 'train';
      readonly model: TrainedModel;
      /** Why it is stale already: what became of what it read, while it was trained. */
      readonly missed?: StaleReason & Attribution;
    } & Attribution)
  | ({ readonly kind: 'mark-stale'; readonly id: ModelId; readonly reason: StaleReason } & Attribution)
  | ({ readonly kind: 'live' | 'retire'; readonly id: ModelId } & Attribution);

/** The facts of a training, before anything judged it. */
export type ModelFacts = Omit<TrainedModel, 'card' | 'gates' | 'besideRules'>;

export type RewardModelEvent =
  | ({ readonly kind: 'model-trained'; readonly model: ModelFacts } & Attribution)
  | ({
      readonly kind: 'model-evaluated';
      readonly id: ModelId;
      readonly card: string;
      readonly gates: readonly ModelGate[];
      readonly besideRules?: BesideRules | undefined;
    } & Attribution)
  /** Trained again on what was there then, to the same file. */
  | ({
      readonly kind: 'model-renewed';
      readonly id: ModelId;
      readonly card: string;
      readonly gates: readonly ModelGate[];
      readonly besideRules?: BesideRules | undefined;
    } & Attribution)
  | ({
      readonly kind: 'model-gated';
      readonly id: ModelId;
      readonly verdict: 'passed' | 'refused';
    } & Attribution)
  | ({ readonly kind: 'model-went-stale'; readonly id: ModelId; readonly reason: StaleReason } & Attribution)
  | ({
      readonly kind: 'model-superseded' | 'model-went-live' | 'model-retired';
      readonly id: ModelId;
    } & Attribution);

/** Why a command was refused; `message` says what would satisfy it. */
export interface RewardModelRefusal {
  readonly code:
    | 'model-unknown'
    | 'model-refused'
    | 'model-stale'
    | 'model-not-judged'
    | 'model-name-invalid'
    | 'model-name-taken'
    | 'model-id-mismatch';
  readonly message: string;
}

/**
 * What a trained model is called: its name and the beginning of its file's hash, so that the same training gives the same model.
 *
 * @param version SHA-256 of the file, in hex
 * @example modelIdOf('love', '9f86d081884c7d65…') // 'love-9f86d081884c7d65'
 */
export function modelIdOf(name: string, version: string): ModelId {
  return modelId(`${name}-${version.slice(0, 16)}`);
}

/** What the gates come to: one that was not passed refuses the model. */
export function verdictOf(gates: readonly ModelGate[]): 'passed' | 'refused' {
  return gates.every(({ passed }) => passed) ? 'passed' : 'refused';
}
