import { Fault } from '@heed/kernel';
import { RemoteFault } from './connect/remote-fault.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { BundleRefused } from './bundle/bundle-command.ts';
import { UsageFault } from './usage-fault.ts';

/** Said by the command itself where the turns come from a file. */
const NOTHING_TO_JUDGE_BY = 'evaluation-nothing';

/** The one table from faults to exit codes. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageFault) return EXIT.usage;
  if (error instanceof BundleRefused) return EXIT.refused;
  // The service answers the same about its own log with 409.
  if (error instanceof Fault && error.code === NOTHING_TO_JUDGE_BY) return EXIT.refused;
  if (!(error instanceof RemoteFault)) return EXIT.failed;
  switch (error.status) {
    case 400:
    case 422:
      return EXIT.usage;
    case 409:
      return EXIT.refused;
    default:
      return EXIT.failed;
  }
}

export interface ToldProblem {
  readonly code: string;
  readonly title: string;
  readonly remedy: string;
}

/** What a person or a script is told about a failure, whatever was thrown. */
export function problemOf(error: unknown): ToldProblem {
  if (error instanceof Fault) return { code: error.code, title: error.message, remedy: error.remedy };
  const title = error instanceof Error ? error.message : String(error);
  return {
    code: 'unexpected',
    title,
    remedy: 'This is a bug in heed: please report it with the command line and this message.',
  };
}
