/** Which event of which record of which log. */
export interface EventIdParts {
  readonly sourceName: string;
  /** Number of the record in its file, from 0. */
  readonly record: number;
  /** Of the record's content, so that another file's record at the same place gives other events. */
  readonly digest: string;
  /** Which of the record's events, such as `3` or `3.rating.usefulness`. */
  readonly part: string;
}

/**
 * The id of an imported event. The same row at the same place of the same file gives the same id, whenever and from wherever
 * it is imported, so that importing again gives nothing but duplicates. A row that stands in a file twice gives two events.
 *
 * @example eventIdOf({ sourceName: 'excite', record: 7, digest: '3f2a9c51', part: '0' }) // 'excite:7:3f2a9c51:0'
 */
export function eventIdOf({ sourceName, record, digest, part }: EventIdParts): string {
  return `${sourceName}:${record}:${digest}:${part}`;
}
