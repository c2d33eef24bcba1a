export {
  deriveTouched,
  type DerivedTouch,
  type ProjectionRules,
  type TouchedSession,
} from './derive-touched.ts';
export { projectBatch } from './project-batch.ts';
export { Projector, type ProjectorOptions } from './projector.ts';
export { ProjectorModule } from './projector.module.ts';
export type { Courtesy } from './until-its-turn.ts';
export { ReplayLog, type ReplayParts } from './replay-log.ts';
