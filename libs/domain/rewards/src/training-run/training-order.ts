import type { TenantId } from '@heed/kernel';
import type { ExposureRules } from '../exposure/exposure-rules.ts';
import type { Reading } from '../features/feature-reader.ts';
import type { ModelPurpose } from '../serving/model-file.ts';

/** What is to be trained. The same order over the same turns gives the same file, byte by byte; when it was given stands in the card alone. */
export interface TrainingOrder {
  readonly tenant: TenantId;
  /** `love`, or a name of its own: a tenant may have several models of one purpose. */
  readonly name: string;
  readonly purpose: ModelPurpose;
  readonly reading: Reading;
  readonly rules: ExposureRules;
  readonly seed: number;
  /** A sentence encoder beside the native features, by its name or version where the training runs. */
  readonly encoder?: string;
  readonly trainedAtMs: number;
}

/** Some of the steps of a training are done. How many there are at the most is known before; a network that stops early skips some. */
export interface TrainingProgress {
  readonly step: string;
  readonly done: number;
  readonly of: number;
}
