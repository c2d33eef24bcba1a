import { Fault } from '@heed/kernel';
import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';

/**
 * Parses what a route takes by its contract schema: a body as the bytes that came (every body reaches a route as a Buffer, see
 * `httpAdapter`), a query or a parameter as it is. Throws Fault `invalid-request` that names every problem with its path.
 */
export class ZodPipe<Schema extends z.ZodType> implements PipeTransform<unknown, z.output<Schema>> {
  readonly #schema: Schema;

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  transform(value: unknown): z.output<Schema> {
    const parsed = this.#schema.safeParse(Buffer.isBuffer(value) ? parseJson(value) : (value ?? {}));
    if (parsed.success) return parsed.data;
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.map(String).join('.') || 'body'}: ${message}`,
    );
    throw new Fault(
      'invalid-request',
      problems.join('; '),
      'Correct what is named; /docs shows what this route takes.',
    );
  }
}

function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    const problem = cause instanceof SyntaxError ? cause.message : 'it cannot be read';
    throw new Fault(
      'invalid-request',
      `The body is not JSON: ${problem}.`,
      'Send one JSON object in UTF-8.',
      { cause },
    );
  }
}
