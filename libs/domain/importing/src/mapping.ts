import { z } from 'zod';
import { rfc3339Ms } from '@heed/events';
import { err, ok, type Result } from '@heed/kernel';
import { mappingFaults } from './mapping-faults.ts';
import type { MappingProblem } from './mapping-problem.ts';
import { parseTimeFormat } from './time-format.ts';

const path = z.string().min(1);
const scalar = z.union([z.string(), z.number(), z.boolean()], {
  error: 'expected a text, a number, true or false',
});

/** Holds for a record when everything said in it holds. */
const condition = z
  .strictObject({
    path,
    is: z.exactOptional(
      z.union([scalar, z.array(scalar).min(1)], { error: 'expected a value or a list of values' }),
    ),
    atLeast: z.exactOptional(z.number()),
    atMost: z.exactOptional(z.number()),
    empty: z.exactOptional(z.boolean()),
  })
  .refine(
    ({ is, atLeast, atMost, empty }) => [is, atLeast, atMost, empty].some((said) => said !== undefined),
    {
      error: 'expected at least one of is, atLeast, atMost and empty beside the path',
    },
  );

const choice = z.union(
  [
    path,
    z.strictObject({ path, when: z.exactOptional(condition) }),
    z.strictObject({ constant: scalar, when: z.exactOptional(condition) }),
  ],
  { error: 'expected a path, { path, when? } or { constant, when? }' },
);

/** Where a value comes from: a path, a constant, either of them under a condition, or the first of several that has a value. */
const field = z.union([choice, z.array(choice).min(1)], {
  error: 'expected a path, { path, when? }, { constant, when? } or a list of them',
});

const timeFormat = z
  .string()
  .default('rfc3339')
  .refine((format) => parseTimeFormat(format) !== undefined, {
    error:
      'expected "rfc3339", "epoch-seconds", "epoch-millis" or a pattern of yyyy, yy, MM, dd, HH, mm, ss, S and [optional] parts',
  });

const zone = z
  .string()
  .default('UTC')
  .refine((name) => name === 'UTC' || /^[+-](?:[01]\d|2[0-3]):[0-5]\d$/u.test(name), {
    error: 'expected "UTC" or an offset such as "+02:00"',
  });

const ownTime = z.strictObject({ path: field, format: timeFormat, zone });

const recordTime = z
  .strictObject({
    path: z.exactOptional(field),
    format: timeFormat,
    zone,
    start: z.exactOptional(
      z.string().refine((text) => rfc3339Ms(text) !== undefined, {
        error: 'expected an RFC 3339 time with a zone, such as "2026-03-01T09:00:00Z"',
      }),
    ),
    secondsPerTurn: z.exactOptional(z.number().positive()),
  })
  .refine((time) => time.path !== undefined || time.start !== undefined, {
    error: 'expected a path to the time, or, for a log without times, a start and secondsPerTurn',
  });

const outcomeRule = z.strictObject({ name: path, value: field });
const ratingRule = z.strictObject({
  aspect: path,
  value: field,
  scale: z.strictObject({ min: z.number(), max: z.number() }),
  by: z.enum(['human', 'model']).default('human'),
});
const reactionRule = z.strictObject({ kind: field });

const ofTurn = {
  time: z.exactOptional(ownTime),
  skip: z.array(condition).default([]),
  attributes: z.record(z.string().min(1), field).default({}),
  reactions: z.array(reactionRule).default([]),
  ratings: z.array(ratingRule).default([]),
  outcomes: z.array(outcomeRule).default([]),
};

const turnsRule = z.strictObject({
  each: z.exactOptional(path),
  id: z.exactOptional(field),
  request: field,
  response: z.exactOptional(field),
  model: z.exactOptional(field),
  latencyMs: z.exactOptional(field),
  ...ofTurn,
});

const messagesRule = z.strictObject({
  each: path,
  text: field,
  role: field,
  user: z.array(z.string()).min(1),
  assistant: z.array(z.string()).min(1),
  ignore: z.array(z.string()).default([]),
  ...ofTurn,
});

/**
 * How a record of some log becomes events. Strict: a misspelt key is told, never ignored. `columns` names the columns of a table
 * that has no header row.
 */
const mappingSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/u, { error: 'expected lower-case letters, digits and hyphens' }),
    description: z.exactOptional(z.string()),
    format: z.exactOptional(z.enum(['json', 'jsonl', 'csv', 'tsv'])),
    columns: z.exactOptional(z.array(z.string().min(1)).min(1)),
    session: z.exactOptional(field),
    user: z.exactOptional(field),
    time: recordTime,
    locale: z.exactOptional(field),
    surface: z.exactOptional(field),
    turns: z.exactOptional(turnsRule),
    messages: z.exactOptional(messagesRule),
    ratings: z.array(ratingRule).default([]),
    outcomes: z.array(outcomeRule).default([]),
  })
  .superRefine(mappingFaults);

export type Mapping = z.output<typeof mappingSchema>;
export type MappingCondition = z.output<typeof condition>;
export type MappingField = z.output<typeof field>;
export type TurnsRule = z.output<typeof turnsRule>;
export type MessagesRule = z.output<typeof messagesRule>;
export type TurnRule = Pick<TurnsRule, keyof typeof ofTurn>;
export type RatingRule = z.output<typeof ratingRule>;
export type OutcomeRule = z.output<typeof outcomeRule>;

/** A mapping from its JSON value. The error names every place that is wrong and what belongs there. */
export function readMapping(value: unknown): Result<Mapping, MappingProblem> {
  const read = mappingSchema.safeParse(value);
  if (read.success) return ok(read.data);
  const faults = read.error.issues.map(
    ({ path: where, message }) => `${where.join('.') || 'the mapping'}: ${message}`,
  );
  return err({
    detail: `the mapping is not right: ${faults.join('; ')}`,
    remedy: 'docs/import.md explains the mapping by example',
  });
}
