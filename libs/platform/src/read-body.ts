import { Fault } from '@heed/kernel';
import type { Readable } from 'node:stream';
import type { BodyLease } from './body-budget.ts';
import type { HttpLimits } from './http-limits.ts';
import { tooLarge } from './unpack-body.ts';

export interface BodyBounds extends Pick<HttpLimits, 'leastBytesPerSecond' | 'bodyGraceMs'> {
  readonly maxBytes: number;
}

/**
 * A request's body as it comes, in one piece. Refused as soon as it is too large, too slow, or more than there is memory for.
 *
 * @throws Fault `body-too-large`, `body-too-slow`, `body-broken-off`, or what the lease throws
 */
export function readBody(payload: Readable, lease: BodyLease, bounds: BodyBounds): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const refuse = (fault: unknown): void => {
      stop();
      reject(fault instanceof Error ? fault : new Error(String(fault)));
    };
    const onData = (piece: Buffer): void => {
      bytes += piece.length;
      try {
        if (bytes > bounds.maxBytes) throw tooLarge(bounds.maxBytes);
        lease.hold(piece.length);
        pieces.push(piece);
      } catch (fault) {
        refuse(fault);
      }
    };
    const onEnd = (): void => {
      stop();
      // A copy, because a piece is a view of the memory that the socket reads into.
      resolve(Buffer.concat(pieces, bytes));
    };
    const onBroken = (): void => {
      refuse(brokenOff());
    };
    const stopClock = whenTooSlow(bounds, () => bytes, refuse);
    const stop = (): void => {
      stopClock();
      payload.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
    };
    payload.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
  });
}

/** Looks when the grace is over, and then each time when what has come would be used up at the least rate. */
function whenTooSlow(
  { leastBytesPerSecond, bodyGraceMs }: BodyBounds,
  bytesSoFar: () => number,
  refuse: (fault: Fault) => void,
): () => void {
  const startedMs = performance.now();
  const look = (): void => {
    const dueMs = startedMs + bodyGraceMs + (1000 * bytesSoFar()) / leastBytesPerSecond;
    const leftMs = dueMs - performance.now();
    if (leftMs > 0) timer = setTimeout(look, Math.ceil(leftMs));
    else refuse(tooSlow(leastBytesPerSecond));
  };
  let timer = setTimeout(look, bodyGraceMs);
  return () => {
    clearTimeout(timer);
  };
}

/**
 * What still comes of a body that was refused is read and thrown away, so that its sender gets to see the answer and may ask again on the same
 * connection. One that has no end is cut off.
 */
export function discardRest(payload: Readable, maxBytes: number): void {
  let bytes = 0;
  payload.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > maxBytes) payload.destroy();
  });
  payload.on('error', () => undefined);
  payload.resume();
}

function tooSlow(leastBytesPerSecond: number): Fault {
  return new Fault(
    'body-too-slow',
    `The body came with less than ${String(leastBytesPerSecond)} bytes a second.`,
    'Send smaller batches, each only when it is there whole.',
  );
}

function brokenOff(): Fault {
  return new Fault(
    'body-broken-off',
    'The body broke off before its end.',
    'Send it again whole; nothing of it was kept.',
  );
}
