import { Fault, type TenantId } from '@heed/kernel';
import type { TrainingWatch } from '@heed/rewards';

export interface QueueLimits {
  /** Pieces of work of one tenant that may wait, what is under way included. */
  readonly ofTenant: number;
  /** The same of all tenants together. */
  readonly inAll: number;
}

/** What waits holds a connection and next to nothing else; what would wait for hours is better refused. */
const USUAL_LIMITS: QueueLimits = { ofTenant: 4, inAll: 32 };

interface Asked {
  readonly tenant: TenantId;
  /** Told anew whenever it changes; nobody is before what is under way. */
  readonly waitsFor: (others: number) => void;
}

/** Long pieces of work, one at a time, in the order they were asked for; one that fails holds up none. */
export class WorkQueue {
  readonly #limits: QueueLimits;
  /** The first is under way. */
  readonly #asked: Asked[] = [];

  constructor(limits: QueueLimits = USUAL_LIMITS) {
    this.#limits = limits;
  }

  /**
   * Tells the watch how many others the work waits for. Rejects with Fault `work-queue-full` where too many wait, and with the signal's reason when that
   * comes before the work's turn: its place is free then.
   */
  async run<T>(tenant: TenantId, { progress, signal }: TrainingWatch, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    this.#refuseBeyondLimits(tenant);
    const turn = Promise.withResolvers<undefined>();
    const waitsFor = (others: number): void => {
      if (others === 0) turn.resolve(undefined);
      else progress({ step: `waiting for ${others} ${others === 1 ? 'other' : 'others'}`, done: 0, of: 0 });
    };
    const asked = { tenant, waitsFor };
    const giveUp = (): void => turn.reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    this.#asked.push(asked);
    try {
      waitsFor(this.#asked.length - 1);
      await turn.promise;
      signal.throwIfAborted();
      return await work();
    } finally {
      signal.removeEventListener('abort', giveUp);
      this.#leave(asked);
    }
  }

  #refuseBeyondLimits(tenant: TenantId): void {
    const { ofTenant, inAll } = this.#limits;
    const own = this.#asked.filter((one) => one.tenant === tenant).length;
    if (own >= ofTenant)
      throw full(`Of this tenant ${own} pieces of such work are under way or wait, as many as may.`);
    if (this.#asked.length >= inAll)
      throw full(`There are ${this.#asked.length} pieces of such work under way or waiting, as many as may.`);
  }

  #leave(asked: Asked): void {
    const at = this.#asked.indexOf(asked);
    this.#asked.splice(at, 1);
    for (const [before, one] of this.#asked.entries()) if (before >= at) one.waitsFor(before);
  }
}

function full(says: string): Fault {
  return new Fault(
    'work-queue-full',
    says,
    'Wait until one of them has ended, or end one by ending the command that asked for it; then ask again.',
  );
}
