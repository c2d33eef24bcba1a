import { Fault } from '@heed/kernel';
import type { Readable } from 'node:stream';
import { AtMost } from './at-most.ts';
import { BodyBudget, type BodyLease } from './body-budget.ts';
import { contentEncoding } from './content-encoding.ts';
import type { HttpLimits } from './http-limits.ts';
import { discardRest, readBody } from './read-body.ts';
import { tooLarge, unpackBody } from './unpack-body.ts';

/** Bodies of the largest size whose bytes may be held at once, smaller ones accordingly more. */
const BODIES_UNDER_WAY = 4;

/** Times the largest size that is read of a body which is refused already. */
const DISCARDED_AT_MOST = 4;

/** Node unpacks on four threads; more decoders would only hold more windows. */
const DECODERS = 4;

/**
 * A body that was refused while it came. Handed on in its place, because Fastify closes the connection on whatever a parser
 * throws, and the sender, still sending, would lose the answer.
 */
export class RefusedBody {
  readonly fault: unknown;
  /** What is still to come is not worth waiting for: the connection is closed behind the answer. */
  readonly hangUp: boolean;

  constructor(fault: unknown, hangUp: boolean) {
    this.fault = fault;
    this.hangUp = hangUp;
  }
}

/** As much of a request's headers as tells about its body. */
interface BodyHeaders {
  readonly 'content-length'?: string | undefined;
  readonly 'content-encoding'?: string | undefined;
}

/** Takes in bodies within the bounds of one and of all together. */
export class BodyIntake<Request extends object> {
  readonly #maxBytes: number;
  readonly #limits: HttpLimits;
  readonly #budget: BodyBudget;
  readonly #decoders = new AtMost(DECODERS);
  readonly #leases = new WeakMap<Request, BodyLease>();

  constructor(maxBytes: number, limits: HttpLimits) {
    this.#maxBytes = maxBytes;
    this.#limits = limits;
    this.#budget = new BodyBudget(BODIES_UNDER_WAY * maxBytes);
  }

  /** To be called once a request's head is there; answers what to call when the request is over. Throws Fault `queue-full`. */
  expect(request: Request, headers: BodyHeaders): () => void {
    // What is too large altogether is told so below, and not to try again.
    const bytes = announcedBytes(headers);
    const lease = this.#budget.lease(bytes > this.#maxBytes ? 0 : bytes);
    this.#leases.set(request, lease);
    return () => {
      lease.release();
    };
  }

  /** The body as it was before it was packed. Never rejects. */
  async take(request: Request, payload: Readable, headers: BodyHeaders): Promise<Buffer | RefusedBody> {
    const lease = this.#leases.get(request) ?? this.#budget.lease(0);
    try {
      if (announcedBytes(headers) > this.#maxBytes) throw tooLarge(this.#maxBytes);
      const encoding = contentEncoding(headers['content-encoding']);
      const body = await readBody(payload, lease, { ...this.#limits, maxBytes: this.#maxBytes });
      if (encoding === null) return body;
      return await this.#decoders.run(() =>
        unpackBody(body, encoding, this.#maxBytes, (bytes) => {
          lease.hold(bytes);
        }),
      );
    } catch (fault) {
      const discardable = DISCARDED_AT_MOST * this.#maxBytes;
      const isEndless = announcedBytes(headers) > discardable;
      if (!isEndless) discardRest(payload, discardable);
      return new RefusedBody(fault, isEndless || (fault instanceof Fault && fault.code === 'body-too-slow'));
    }
  }
}

function announcedBytes({ 'content-length': length }: BodyHeaders): number {
  return Number(length ?? 0);
}
