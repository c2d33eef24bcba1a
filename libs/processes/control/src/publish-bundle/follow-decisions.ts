import type { EventStore } from '@heed/policies';
import { EVENT_STORE, faultFields, LOG, type Log } from '@heed/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BundlePublisher } from './bundle-publisher.ts';

/** What another process decided is served here after this long, and the time that publishing takes. */
const EVERY_MS = 1000;

const FIXES = 'fix/';

/**
 * Publishes anew what other processes have changed: a learner that switched a fix off, another control that put one live. Without it a process
 * would serve what it published itself until it ends. While the store does not answer, what was served goes on to be served.
 */
@Injectable()
export class FollowDecisions implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #store: EventStore;
  readonly #publisher: BundlePublisher;
  readonly #log: Log;
  #position = 0;
  #timer: NodeJS.Timeout | undefined;
  #following: Promise<void> = Promise.resolve();

  constructor(
    @Inject(EVENT_STORE) store: EventStore,
    @Inject(BundlePublisher) publisher: BundlePublisher,
    @Inject(LOG) log: Log,
  ) {
    this.#store = store;
    this.#publisher = publisher;
    this.#log = log;
  }

  /** Before the first request: what is decided from here on is followed. */
  async onApplicationBootstrap(): Promise<void> {
    this.#position = await this.#store.head();
    this.#timer = setInterval(() => {
      this.#following = this.#following.then(() => this.#followSafely());
    }, EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#following;
  }

  /** Publishes for every tenant in use here whose fixes changed since it was last called. */
  async follow(): Promise<void> {
    const events = await this.#store.readAll(FIXES, this.#position);
    const changed = new Set(events.map(({ stream }) => stream.split('/')[1]));
    for (const tenant of this.#publisher.tenants()) {
      if (changed.has(tenant)) await this.#publisher.publish(tenant);
    }
    this.#position = events.at(-1)?.position ?? this.#position;
  }

  async #followSafely(): Promise<void> {
    try {
      await this.follow();
    } catch (fault) {
      this.#log.warn('decisions-not-followed', faultFields(fault));
    }
  }
}
