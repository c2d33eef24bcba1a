import { Fault } from '@heed/kernel';
import type { z } from 'zod';

export interface SettingSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** By their paths, as `otherwise`. */
  readonly given?: Readonly<Record<string, unknown>>;
  readonly otherwise?: Readonly<Record<string, unknown>>;
}

/**
 * Parses a process's settings once, at start, from the environment: every fault is told together, and a `HEED_*` name that
 * nobody reads is refused, because a misspelt setting that does nothing is worse than none.
 *
 * `names` maps a variable to its path in the schema's input, e.g. `{ HEED_PORT: 'port', HEED_MINING_SESSIONS: 'mining.sessions' }`;
 * `others` are variables that belong to other programs of Heed. `given` (command line) goes before the environment, and that before `otherwise`.
 * Throws Fault `invalid-settings`.
 */
export function parseSettings<Schema extends z.ZodType>(
  schema: Schema,
  names: Readonly<Record<string, string>>,
  others: readonly string[],
  { environment, given = {}, otherwise = {} }: SettingSources,
): z.output<Schema> {
  const faults: string[] = [];
  const input: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(otherwise)) put(input, path.split('.'), value);
  for (const [variable, value] of Object.entries(environment)) {
    if (value === undefined || others.includes(variable)) continue;
    const path = names[variable];
    if (path === undefined && !variable.startsWith('HEED_')) continue;
    if (path === undefined) faults.push(`${variable} is not a setting of Heed`);
    else put(input, path.split('.'), value);
  }
  for (const [path, value] of Object.entries(given))
    if (value !== undefined) put(input, path.split('.'), value);
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) {
      const dotted = path.map(String).join('.');
      const variable = Object.keys(names).find((name) => names[name] === dotted);
      const name = variable ?? dotted;
      faults.push(`${name} is ${isSecret(name) ? 'not shown here' : told(valueAt(input, path))}: ${message}`);
    }
  }
  if (faults.length === 0 && parsed.success) return parsed.data;
  throw new Fault(
    'invalid-settings',
    `Settings are wrong: ${faults.join('; ')}.`,
    `Correct or remove them. Known: ${Object.keys(names).join(', ')}.`,
  );
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value, key) => (isRecord(value) ? value[String(key)] : undefined), input);
}

/** What opens something is in no message, whatever is wrong with it. */
function isSecret(name: string): boolean {
  return /(?:password|key|secret)$/iu.test(name);
}

/** As given, but for the password of a URL: it may hold any character, also those that should end it. */
function told(value: unknown): string {
  if (value === undefined) return 'missing';
  return typeof value === 'string'
    ? `"${value.replace(/(:\/\/[^:@/]*:|:\/\/).*@/su, '$1...@')}"`
    : JSON.stringify(value);
}

function put(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  const inner = target[head];
  const next = isRecord(inner) ? inner : {};
  target[head] = next;
  put(next, rest, value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
