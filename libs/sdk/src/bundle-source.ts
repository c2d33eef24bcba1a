import { BUNDLE_SIGNATURE_HEADER, BUNDLE_VERSION_HEADER, type BundleResponse } from '@heed/contract';
import { signedText, type BundleEvaluator } from '@heed/policies';
import { bundleIn } from './bundle-answer.ts';
import type { HeedProblem, OnProblem } from './problem.ts';
import { verifyBundle } from './verify-bundle.ts';
import { webCryptoVerifier } from './web-crypto-verifier.ts';

export interface BundleSourceOptions {
  readonly url: string;
  readonly tenant: string;
  /** Who is asking. */
  readonly headers: Readonly<Record<string, string>>;
  readonly publicKey: string | undefined;
  /** The oldest version that may be served. */
  readonly minVersion: number;
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
  /** The highest version that was ever known to be published; only rises. */
  #version: number;

  constructor(options: BundleSourceOptions) {
    this.#options = options;
    this.#version = options.minVersion;
    this.#publicKey = options.publicKey;
  }

  get current(): BundleEvaluator | undefined {
    return this.#current;
  }

  get version(): number {
    return this.#version;
  }

  /** Never rejects: what goes wrong is told to `onProblem`, and the last good bundle stays. */
  async refresh(): Promise<RefreshOutcome> {
    try {
      const response = await this.#request();
      if (response.status === 304) return await this.#confirm(response.headers);
      if (!response.ok) return this.#keep({ code: 'bundle-unavailable', message: await refusalOf(response) });
      return await this.#adopt(bundleIn(await response.json()));
    } catch (cause) {
      const message = `The bundle could not be fetched from ${this.#options.url}. Check that Heed runs there.`;
      return this.#keep({ code: 'bundle-unavailable', message, cause });
    }
  }

  #request(): Promise<Response> {
    const { url, fetch, timeoutMs } = this.#options;
    const headers: Record<string, string> = { ...this.#options.headers, accept: 'application/json' };
    if (this.#current) headers['if-none-match'] = `"${this.#current.sha256}"`;
    return fetch(`${url}/v1/bundle`, { headers, signal: AbortSignal.timeout(timeoutMs) });
  }

  async #adopt(bundle: BundleResponse): Promise<RefreshOutcome> {
    const publicKey = this.#publicKey ?? bundle.publicKey;
    const verified = await verifyBundle(bundle, this.#options.tenant, publicKey, this.#version);
    if (!verified.ok) return this.#keep(verified.error);
    // Another refresh may have brought a newer one while this one was being verified.
    if (verified.value.version < this.#version) return 'unchanged';
    this.#publicKey = publicKey;
    this.#current = verified.value;
    this.#version = verified.value.version;
    return 'updated';
  }

  /**
   * The content that is held is the current one, maybe published anew under a later version. That version counts only when it
   * is signed: a made-up one would lock every later bundle out.
   */
  async #confirm(headers: Headers): Promise<RefreshOutcome> {
    const version = Number(headers.get(BUNDLE_VERSION_HEADER));
    const signature = headers.get(BUNDLE_SIGNATURE_HEADER);
    const held = this.#current;
    if (held === undefined || this.#publicKey === undefined || signature === null) return 'unchanged';
    if (!Number.isSafeInteger(version) || version <= this.#version) return 'unchanged';
    const text = signedText({ tenant: this.#options.tenant, version, sha256: held.sha256 });
    const verifier = await webCryptoVerifier(this.#publicKey);
    if (await verifier.isSignedBy(text, signature)) this.#version = Math.max(this.#version, version);
    return 'unchanged';
  }

  #keep(problem: HeedProblem): 'kept' {
    this.#options.onProblem(problem);
    return 'kept';
  }
}

async function refusalOf(response: Response): Promise<string> {
  return `GET /v1/bundle answered ${response.status}: ${(await response.text()).slice(0, 500)}`;
}
