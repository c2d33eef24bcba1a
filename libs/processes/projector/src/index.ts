export {
  deriveTouched,
  type DerivedTouch,
  type ProjectionRules,
  type TouchedSession,
} from './derive-touched.ts';
export { TenantDefectModels, type DefectModelParts } from './defect-models.ts';
export { ForgetSessions } from './forget-sessions.ts';
export { projectBatch } from './project-batch.ts';
export { ReadAgain } from './log-server.ts';
export { Projector, type ProjectionDoor, type ProjectorOptions } from './projector.ts';
export { ProjectorModule } from './projector.module.ts';
export type { Courtesy } from './until-its-turn.ts';
export { RememberingStore } from './remembering-store.ts';
export { ReplayLog, type ReplayedRetention, type ReplayParts } from './replay-log.ts';
export { ExpireSessions, type LetGo } from './expire-sessions.ts';
