import { Fault } from '@heed/kernel';

/** Where it was, and of what kind: a message may quote what users wrote. */
export function warnOfQuestions(which: string, thrown: unknown): void {
  const frames =
    thrown instanceof Error ? (thrown.stack?.replace(thrown.message, '').match(/^\s+at .*$/gmu) ?? []) : [];
  const name = thrown instanceof Fault ? thrown.code : thrown instanceof Error ? thrown.name : typeof thrown;
  process.emitWarning(`${which} of a new model failed: ${name}\n${frames.join('\n')}`);
}
