import { Fault } from '@heed/kernel';
import type { z } from 'zod';
import { withService } from '../connect/with-service.ts';
import type { Invocation } from '../invocation.ts';
import { showWork } from '../output/show-work.ts';
import { UsageFault } from '../usage-fault.ts';
import type { FileLines } from './file-lines.ts';

/** Where the fields of a request came from, but for those that have the name of their option. */
interface Typed {
  /** The field that the lines of a file are. */
  readonly lines?: FileLines & { readonly field: string };
  /** Options by their fields, without dashes. */
  readonly options?: Readonly<Record<string, string>>;
}

/**
 * A request as the service takes it, checked here so that what is wrong is told by the option or the line that it was typed in. Throws UsageFault of an
 * option, and Fault `lines-not-read` of a line.
 */
export function requestOf<T>(schema: z.ZodType<T>, request: unknown, { lines, options = {} }: Typed = {}): T {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [field, at, ...rest] = issue?.path ?? [];
  const says = issue?.message ?? 'something else';
  if (lines === undefined || field !== lines.field)
    throw new UsageFault(
      `--${options[String(field)] ?? String(field)}: expected ${says}`,
      'Run the command with --help to see what it takes.',
    );
  const line = typeof at === 'number' ? `, line ${lines.numbers[at] ?? at}` : '';
  throw new Fault(
    'lines-not-read',
    `${lines.file}${line}: ${rest.length === 0 ? '' : `${rest.join('.')}: `}${says}`,
    `Write on each line: ${lines.example}`,
  );
}

/** Has the service answer a question about a model, and shows its steps meanwhile. */
export function ask<T>(
  invocation: Invocation,
  model: string,
  question: 'foresight' | 'adversaries' | 'gaming' | 'objectives',
  request: unknown,
  answer: z.ZodType<T>,
): Promise<T> {
  return withService(invocation, (heed) =>
    showWork(invocation.shell.stderr, (onProgress) =>
      heed.work(`/v1/train/models/${encodeURIComponent(model)}/${question}`, request, answer, onProgress),
    ),
  );
}
