import type { LoggerService } from '@nestjs/common';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Facts about what happened, by name. Never the text of a user, never a key. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Structured log: one JSON object a line. `event` is a stable kebab-case word that one can count by. */
export interface Log {
  readonly debug: LogWriter;
  readonly info: LogWriter;
  readonly warn: LogWriter;
  readonly error: LogWriter;
}

export type LogWriter = (event: string, fields?: LogFields) => void;

/**
 * Writes to `sink` (stderr in an app) what is at least as grave as `level`.
 *
 * @example {"time":"2026-03-01T09:00:00.000Z","level":"warn","event":"append-retried","attempt":2}
 */
export function jsonLog(level: LogLevel, sink: (line: string) => void): Log {
  const least = LOG_LEVELS.indexOf(level);
  const writer =
    (at: LogLevel): LogWriter =>
    (event, fields = {}) => {
      if (LOG_LEVELS.indexOf(at) < least) return;
      sink(`${JSON.stringify({ time: new Date().toISOString(), level: at, event, ...fields })}\n`);
    };
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') };
}

/** Nest's own messages through the same log: its chatter at debug, its troubles as they are. */
export function nestLogger(log: Log): LoggerService {
  const say =
    (write: LogWriter) =>
    (message: unknown): void => {
      write('nest', { message: message instanceof Error ? message.message : String(message) });
    };
  return {
    log: say(log.debug),
    debug: say(log.debug),
    verbose: say(log.debug),
    warn: say(log.warn),
    error: say(log.error),
  };
}

/** What may be said of a thrown thing in a log: its class, code and message, and its stack's first place. */
export function faultFields(thrown: unknown): LogFields {
  if (!(thrown instanceof Error)) return { fault: String(thrown) };
  const code = 'code' in thrown ? String(thrown.code) : undefined;
  const at = thrown.stack
    ?.split('\n')
    .find((line) => line.trimStart().startsWith('at '))
    ?.trim();
  return { fault: thrown.name, code, message: thrown.message, at };
}
