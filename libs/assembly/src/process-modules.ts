import { CollectorModule, IntakeModule } from '@heed/collector';
import { DEFAULT_EVENT_LIMITS } from '@heed/events';
import type { DynamicModule } from '@nestjs/common';
import type { HeedSettings } from './settings.ts';

export function collectorModule(settings: HeedSettings): DynamicModule {
  return CollectorModule.with(intakeLimits(settings));
}

/** The way into the log for a process that is no edge. */
export function intakeModule(settings: HeedSettings): DynamicModule {
  return IntakeModule.with(intakeLimits(settings));
}

function intakeLimits({ ingest }: HeedSettings): Parameters<typeof IntakeModule.with>[0] {
  return {
    event: { ...DEFAULT_EVENT_LIMITS, eventBytes: ingest.maxEventBytes },
    maxBatchEvents: ingest.maxBatchEvents,
    maxBatch: 5000,
    maxAppends: 2,
    maxBatchChars: 32 * 1024 * 1024,
    maxWaiting: ingest.maxWaitingEvents,
    maxWaitingChars: 256 * 1024 * 1024,
  };
}
