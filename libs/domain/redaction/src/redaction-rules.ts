import { err, ok, type Result } from '@heed/kernel';
import { z } from 'zod';
import { BUILT_IN_NAMES, BUILT_IN_PATTERNS } from './built-in-patterns.ts';
import type { CompilePattern } from './pattern.ts';
import type { PatternRule, TextRules } from './redact-text.ts';

/** A field whose values are taken out whatever they are. */
export interface FieldRule {
  readonly name: string;
  /** Its own name, wherever it is in the data, or its path from the data down, with dots. */
  readonly field: string;
}

/** Rules made ready, in the order in which they give their names to what they find together. */
export interface RedactionRules {
  readonly patterns: TextRules;
  readonly fields: readonly FieldRule[];
  /** All of them for a text that is no JSON: the patterns, and each field as it is written in JSON. */
  readonly raw: TextRules;
}

const MOST_RULES = 200;
const LONGEST_PATTERN = 2000;
const LONGEST_FIELD = 500;

const name = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    '1 to 40 characters of a-z, 0-9 and "-", beginning with a letter or digit',
  );

const rulesFile = z.strictObject({
  builtIn: z.array(z.enum(BUILT_IN_NAMES)).max(MOST_RULES).default([]),
  patterns: z
    .array(
      z.strictObject({
        name,
        pattern: z.string().min(1).max(LONGEST_PATTERN),
        ignoreCase: z.boolean().default(false),
      }),
    )
    .max(MOST_RULES)
    .default([]),
  fields: z
    .array(z.strictObject({ name, field: z.string().min(1).max(LONGEST_FIELD) }))
    .max(MOST_RULES)
    .default([]),
});

type RulesFile = z.output<typeof rulesFile>;

/**
 * Makes the rules of a file ready. The error lists everything that is wrong, each with the rule it is wrong in.
 *
 * @param file the file's JSON
 * @example parseRedactionRules({ builtIn: ['email'], patterns: [{ name: 'ticket', pattern: 'TCK-[0-9]+' }] }, linearPattern)
 */
export function parseRedactionRules(
  file: unknown,
  compile: CompilePattern,
): Result<RedactionRules, readonly string[]> {
  const parsed = rulesFile.safeParse(file);
  if (!parsed.success) return err(parsed.error.issues.map((issue) => inWords(issue, file)));
  const problems = [...doubled(parsed.data)];
  const compiled = parsed.data.patterns.map(({ name, pattern, ignoreCase }) => {
    const made = compile(pattern, { ignoreCase });
    if (!made.ok) problems.push(`the pattern of rule "${name}" is no RE2 expression: ${made.error}`);
    return made.ok ? [{ name, pattern: made.value }] : [];
  });
  const written = parsed.data.fields.map(({ name, field }) => {
    const made = compile(asWritten(field), { ignoreCase: false });
    if (!made.ok) problems.push(`the field of rule "${name}" cannot be looked for: ${made.error}`);
    return made.ok ? [{ name, pattern: made.value }] : [];
  });
  if (problems.length > 0) return err(problems);
  const builtIn = parsed.data.builtIn.map((name): PatternRule => ({
    name,
    pattern: BUILT_IN_PATTERNS[name],
  }));
  const patterns = [...builtIn, ...compiled.flat()];
  const raw = [...patterns, ...written.flat()];
  const names = new Set(raw.map((rule) => rule.name));
  return ok({ patterns: { rules: patterns, names }, fields: parsed.data.fields, raw: { rules: raw, names } });
}

/** No two rules of one name: a marker and a figure say which one it was. */
function* doubled({ builtIn, patterns, fields }: RulesFile): Generator<string> {
  const seen = new Set<string>();
  const builtInNames: readonly string[] = BUILT_IN_NAMES;
  for (const name of [...builtIn, ...[...patterns, ...fields].map((rule) => rule.name)]) {
    if (seen.has(name)) yield `there are two rules "${name}": give each a name of its own`;
    seen.add(name);
  }
  for (const { name } of [...patterns, ...fields]) {
    if (builtInNames.includes(name) && !builtIn.some((one) => one === name))
      yield `rule "${name}" has the name of a built-in pattern: give it another`;
  }
}

/** `"name": value` in a text that may break off anywhere, with its last name where it is a path. */
function asWritten(field: string): string {
  const key = JSON.stringify(field.slice(field.lastIndexOf('.') + 1) || field);
  return String.raw`\Q${key.replaceAll('\\E', String.raw`\E\\E\Q`)}\E\s*:\s*(?:"(?:[^"\\]|\\.)*"?|[^\s,}\]"]+)`;
}

function inWords({ path, message }: z.core.$ZodIssue, file: unknown): string {
  const [list, index] = path;
  const rule = z
    .object({ name: z.string().max(100) })
    .safeParse(typeof list === 'string' && typeof index === 'number' ? at(at(file, list), index) : undefined);
  const where = path.length === 0 ? 'the file' : path.map(String).join('.');
  return `${where}${rule.success ? ` (rule "${rule.data.name}")` : ''}: ${message}`;
}

function at(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? (Reflect.get(value, key) as unknown) : undefined;
}
