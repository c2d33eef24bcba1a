import type { Attribution } from './fix.ts';
import type { ModelGrounds } from './erased-events.ts';
import type { RewardModel, TrainedModel } from './reward-model.ts';

/** What whoever trains may ask of whoever keeps the reward models. Nothing here puts a model live. */
export interface TrainingRecord {
  /** Before anything is done for it. Throws Fault `model-name-taken` where models of another purpose have the name, and `model-name-invalid`. */
  mayBeNamed(model: Pick<TrainedModel, 'tenant' | 'name' | 'purpose'>): Promise<void>;
  /** A place in the record, to be asked for before anything is read that a model is to learn from. */
  begin(): Promise<number>;
  /**
   * Records a training that ended and what the gates said. What is live stays live. The same file again is the same model; was it stale, it is fresh
   * again. A model that leans on what an erasure took since it began is stale from the beginning: no erasure passes by a training.
   *
   * Throws Fault `tenant-removed` where the tenant was removed since it began, and then nothing is recorded.
   */
  record(training: EndedTraining, by: Attribution): Promise<RewardModel>;
}

export interface EndedTraining {
  readonly model: TrainedModel;
  readonly grounds: ModelGrounds;
  /** What `begin` gave. */
  readonly begun: number;
}
