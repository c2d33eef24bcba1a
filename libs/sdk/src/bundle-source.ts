import { bundleResponse, TENANT_HEADER, type BundleResponse } from '@heed/contract';
import type { BundleEvaluator } from '@heed/policies';
import type { HeedProblem, OnProblem } from './problem.ts';
import { verifyBundle } from './verify-bundle.ts';

export interface BundleSourceOptions {
  readonly url: string;
  readonly tenant: string;
  readonly publicKey: string | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
  readonly onProblem: OnProblem;
}

/** `kept`: the new one could not be had or must not be served, so the last good one is. */
export type RefreshOutcome = 'updated' | 'unchanged' | 'kept';

/** The last good bundle of a tenant, fetched again whenever told to. */
export class BundleSource {
  readonly #options: BundleSourceOptions;
  /** Pinned by the application, else by the first bundle (trust on first use). */
  #publicKey: string | undefined;
  #current: BundleEvaluator | undefined;

  constructor(options: BundleSourceOptions) {
    this.#options = options;
    this.#publicKey = options.publicKey;
  }

  get current(): BundleEvaluator | undefined {
    return this.#current;
  }

  /** Never rejects: what goes wrong is told to `onProblem`, and the last good bundle stays. */
  async refresh(): Promise<RefreshOutcome> {
    try {
      const response = await this.#request();
      if (response.status === 304) return 'unchanged';
      if (!response.ok) return this.#keep({ code: 'bundle-unavailable', message: await refusalOf(response) });
      return await this.#adopt(bundleResponse.parse(await response.json()));
    } catch (cause) {
      const message = `The bundle could not be fetched from ${this.#options.url}. Check that Heed runs there.`;
      return this.#keep({ code: 'bundle-unavailable', message, cause });
    }
  }

  #request(): Promise<Response> {
    const { url, tenant, fetch, timeoutMs } = this.#options;
    const headers: Record<string, string> = { accept: 'application/json', [TENANT_HEADER]: tenant };
    if (this.#current) headers['if-none-match'] = `"${this.#current.sha256}"`;
    return fetch(`${url}/v1/bundle`, { headers, signal: AbortSignal.timeout(timeoutMs) });
  }

  async #adopt(bundle: BundleResponse): Promise<RefreshOutcome> {
    const publicKey = this.#publicKey ?? bundle.publicKey;
    const verified = await verifyBundle(bundle, this.#options.tenant, publicKey);
    if (!verified.ok) return this.#keep(verified.error);
    const held = this.#current;
    if (held !== undefined && verified.value.version < held.version) {
      const message = `Version ${verified.value.version} came after version ${held.version}: somebody replays an old bundle, or Heed was restored from a backup. Restart the application if it was.`;
      return this.#keep({ code: 'bundle-older', message });
    }
    this.#publicKey = publicKey;
    this.#current = verified.value;
    return 'updated';
  }

  #keep(problem: HeedProblem): 'kept' {
    this.#options.onProblem(problem);
    return 'kept';
  }
}

async function refusalOf(response: Response): Promise<string> {
  return `GET /v1/bundle answered ${response.status}: ${(await response.text()).slice(0, 500)}`;
}
