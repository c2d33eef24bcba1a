import { Fault, type Result } from '@heed/kernel';
import { apiKeyStreamOf, CLOCK, EVENT_STORE, KEY_RING, type Clock, type KeyRing } from '@heed/platform';
import {
  apiKeyEventToStored,
  decideApiKey,
  evolveApiKey,
  type ApiKey,
  type ApiKeyCommand,
  type ApiKeyId,
  type ApiKeyRefusal,
  type EventStore,
} from '@heed/policies';
import { Inject, Injectable } from '@nestjs/common';

/** How often a command is decided anew because another process changed the key in between. */
const ATTEMPTS = 5;

const REMEDIES: Readonly<Record<ApiKeyRefusal['code'], string>> = {
  'api-key-unknown': 'List the keys (GET /v1/keys, or heed keys) and use an id from there, with its tenant.',
  'api-key-taken': 'Try again: the next key has another id.',
  'api-key-not-allowed': 'Correct what is named; docs/keys.md says what each kind takes.',
};

/** Decides about one key and appends. Once it resolves, this process's ring knows: the next request meets the key as it is now. */
@Injectable()
export class ChangeKey {
  readonly #store: EventStore;
  readonly #ring: KeyRing;
  readonly #clock: Clock;

  constructor(
    @Inject(EVENT_STORE) store: EventStore,
    @Inject(KEY_RING) ring: KeyRing,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#store = store;
    this.#ring = ring;
    this.#clock = clock;
  }

  /** The key as it is afterwards. Throws Fault with the refusal's code. */
  async change(id: ApiKeyId, command: ApiKeyCommand): Promise<ApiKey> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { version, state } = this.#ring.at(id);
      const events = orFault(decideApiKey(command, state));
      const after = events.reduce(evolveApiKey, state);
      if (after.status === 'none') throw unknownKey(id);
      if (events.length === 0) return after;
      const stored = events.map(apiKeyEventToStored);
      const appended = await this.#store.append(apiKeyStreamOf(id), version, stored, this.#clock.nowMs());
      await this.#ring.refresh();
      if (appended.ok) return after;
    }
    throw new Fault('wrong-version', `Key ${id} is being changed by others at the same time.`, 'Try again.');
  }
}

/** The same for a key that is not there and for one of another tenant. */
export function unknownKey(id: ApiKeyId): Fault {
  return new Fault('api-key-unknown', `This tenant has no key ${id}.`, REMEDIES['api-key-unknown']);
}

function orFault<T>(result: Result<T, ApiKeyRefusal>): T {
  if (result.ok) return result.value;
  const { code, message } = result.error;
  throw new Fault(code, message, REMEDIES[code]);
}
