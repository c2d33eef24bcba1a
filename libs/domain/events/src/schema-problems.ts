import type { z } from 'zod';

const MOST_TOLD = 3;
const LONGEST_KEY = 64;

type Issue = z.core.$ZodIssue;

/**
 * What a schema did not like, in words: where, and what would have been right. Never what stood there, as that is the user's.
 *
 * @example schemaProblems(error, 'data') // 'data.request.text: expected a string; data.turn: missing'
 */
export function schemaProblems(error: z.core.$ZodError, root: string): string {
  const told = error.issues
    .slice(0, MOST_TOLD)
    .map((issue) => `${pathText(root, issue.path)}: expected ${expectation(issue)}`);
  const more = error.issues.length - told.length;
  return more > 0 ? `${told.join('; ')}; and ${more} more` : told.join('; ');
}

/** @example pathText('data', ['stages', 0, 'name']) // 'data.stages[0].name' */
export function pathText(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`;
    return `${before}.${String(key).slice(0, LONGEST_KEY)}`;
  }, root);
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return withArticle(issue.expected);
    case 'too_small':
      return `${measured(issue.origin)} ${issue.inclusive === false ? 'above' : 'of at least'} ${String(issue.minimum)}`;
    case 'too_big':
      return `${measured(issue.origin)} ${issue.inclusive === false ? 'below' : 'of at most'} ${String(issue.maximum)}`;
    case 'invalid_value':
      return issue.values.length === 1 ? quoted(issue.values) : `one of ${quoted(issue.values)}`;
    case 'invalid_format':
      return `the format ${issue.format}`;
    case 'not_multiple_of':
      return `a multiple of ${String(issue.divisor)}`;
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? `one of ${quoted(issue.options)}`
        : issue.message;
    case 'unrecognized_keys':
      return `no field ${quoted(issue.keys)}`;
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return issue.message;
  }
}

function withArticle(type: string): string {
  if (type === 'int') return 'a whole number';
  return /^[aeiou]/u.test(type) ? `an ${type}` : `a ${type}`;
}

function measured(origin: string): string {
  switch (origin) {
    case 'string':
      return 'a length';
    case 'array':
      return 'a number of items';
    default:
      return 'a number';
  }
}

function quoted(values: readonly unknown[]): string {
  return values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value))).join(', ');
}
