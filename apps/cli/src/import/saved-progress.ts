import { importProgress } from '@heed/contract';
import type { HeedClient } from '../connect/heed-client.ts';

/** Batches between two savings: half a second's worth, and one write for some thousand events. */
const SAVE_EVERY = 8;

/**
 * How far the import of a file has come, kept by the service beside the events themselves. Saved only after the records were
 * acknowledged: a kill in between costs some duplicates, never a record.
 */
export class SavedProgress {
  readonly #client: HeedClient;
  readonly #fingerprint: string | undefined;
  #records = 0;
  #saved = 0;
  #unsavedBatches = 0;

  /** Without a fingerprint nothing is saved. */
  constructor(client: HeedClient, fingerprint: string | undefined) {
    this.#client = client;
    this.#fingerprint = fingerprint;
  }

  /** Records that an earlier run, which was cut off, has brought in. */
  async load(): Promise<number> {
    if (this.#fingerprint === undefined) return 0;
    const { records } = await this.#client.get(this.#path(), importProgress);
    this.#records = this.#saved = records;
    return records;
  }

  async advance(records: number): Promise<void> {
    this.#records = records;
    if (++this.#unsavedBatches >= SAVE_EVERY) await this.save();
  }

  async save(): Promise<void> {
    this.#unsavedBatches = 0;
    if (this.#fingerprint === undefined || this.#records === this.#saved) return;
    const body = { fingerprint: this.#fingerprint, records: this.#records };
    await this.#client.send('PUT', this.#path(), body, importProgress);
    this.#saved = this.#records;
  }

  /** The import is done: run again, it starts from the beginning and finds everything to be duplicates. */
  async finish(): Promise<void> {
    this.#records = 0;
    await this.save();
  }

  #path(): string {
    return `/v1/imports/${this.#fingerprint ?? ''}`;
  }
}
