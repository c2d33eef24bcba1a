export { CollectorModule } from './collector.module.ts';
export { GroupCommit, type GroupCommitLimits } from './group-commit.ts';
export { Intake, type IntakeLimits } from './intake.ts';
