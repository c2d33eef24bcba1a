export { CollectorModule, IntakeModule } from './collector.module.ts';
export { GroupCommit, type GroupCommitLimits } from './group-commit.ts';
export { Intake, type IntakeLimits, type Redact } from './intake.ts';
