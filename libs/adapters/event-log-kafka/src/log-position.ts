import type { LogPosition } from '@heed/events';

/** More partitions than any topic of Heed's may have. Fixed: positions that are stored were made with it. */
export const MOST_PARTITIONS = 1024;

/**
 * The place of a record as one number, which no other record of the topic has: it grows with the offset, and tells partitions apart even where one
 * session got into two of them. Begins at 1; exact for 8.7 * 10^12 records a partition.
 */
export function positionOf({
  partition,
  offset,
}: {
  readonly partition: number;
  readonly offset: number;
}): LogPosition {
  return offset * MOST_PARTITIONS + partition + 1;
}
