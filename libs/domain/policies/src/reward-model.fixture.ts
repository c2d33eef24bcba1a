import { tenantId } from '@heed/kernel';
import { modelIdOf, type TrainedModel } from './reward-model.ts';

/** A model named 'love' whose file's hash is this digit repeated, which passed all its gates. */
export function trainedModel(digit: string, over: Partial<TrainedModel> = {}): TrainedModel {
  const name = over.name ?? 'love';
  const version = digit.repeat(64);
  return {
    id: modelIdOf(name, version),
    tenant: tenantId('default'),
    name,
    purpose: 'love',
    version,
    featuresVersion: 'features-1',
    trainedAtMs: Date.UTC(2026, 2, 1, 8),
    card: 'c'.repeat(64),
    gates: [
      {
        gate: 'better-than-length',
        passed: true,
        says: 'AUROC is +0.120 beside the length alone, at least +0.090',
      },
      { gate: 'calibrated', passed: true, says: 'expected calibration error is 0.021' },
    ],
    ...over,
  };
}
