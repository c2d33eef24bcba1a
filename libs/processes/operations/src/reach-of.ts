import type { LogLag, PartitionLag } from '@heed/events';

/** The log and the group's way in it, as if it were one partition: for people to look at. */
export function reachOf({ partitions }: LogLag): PartitionLag {
  return {
    head: partitions.reduce((sum, { head }) => sum + head, 0),
    committed: partitions.reduce((sum, { committed }) => sum + committed, 0),
  };
}
