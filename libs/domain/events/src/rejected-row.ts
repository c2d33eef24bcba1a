import { z } from 'zod';

const LONGEST_DETAIL = 500;

const envelope = z.object({
  'heed.rejectedRow': z.object({ file: z.string(), line: z.number().int(), problem: z.string() }),
});

/**
 * What was wrong with the row of a log that an import could not turn into events and sent, as it stands in the file, as
 * `{"heed.rejectedRow":{file,line,problem,row}}`; undefined for any other value.
 */
export function rejectedRowDetail(value: unknown): string | undefined {
  const parsed = envelope.safeParse(value);
  if (!parsed.success) return undefined;
  const { file, line, problem } = parsed.data['heed.rejectedRow'];
  return `line ${line} of ${file}: ${problem}`.replace(/[\p{Cc}\p{Cs}]/gu, '?').slice(0, LONGEST_DETAIL);
}
