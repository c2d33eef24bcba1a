import { createRequire } from 'node:module';
import { z } from 'zod';

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

const requestQueue = z.custom<{ readonly prototype: RequestQueue }>(
  (found) => typeof found === 'function' && 'scheduleCheckPendingRequests' in Object(found.prototype),
);

/**
 * kafkajs 2.2.4 sets a timer after every answer, to look at requests that wait for their turn. When none waits, its delay is negative: Node
 * takes it for 1 ms and prints a TimeoutNegativeWarning. Without anything to look at there need be no timer.
 */
export function withoutNegativeTimeouts(): void {
  if (applied) return;
  const { prototype } = requestQueue.parse(
    createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js'),
  );
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called below on the queue that it is of
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this);
  };
  applied = true;
}

let applied = false;
