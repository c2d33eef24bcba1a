export type { RefreshOutcome } from './bundle-source.ts';
export type { CloudEvent, HeedEvent } from './cloud-event.ts';
export { createHeed, type Heed, type HeedOptions } from './create-heed.ts';
export type { EventDataByType, EventType, TurnData } from './event-data.ts';
export type { HeedProblem, OnProblem } from './problem.ts';
export { served } from './served.ts';
export { verifyBundle, type VerifiedBundle } from './verify-bundle.ts';
export type { DecideRequest } from '@heed/contract';
export type { Decision } from '@heed/policies';
