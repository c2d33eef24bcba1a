import { z } from 'zod';
import type { DevTools } from './dev-tools.ts';

const evaluated = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z
    .object({ text: z.string(), exception: z.object({ description: z.string().optional() }).optional() })
    .optional(),
});

/** Resolves when the page has told that it is loaded. */
const LOADED = `document.readyState === 'complete' || new Promise((told) => addEventListener('load', () => setTimeout(told)))`;

/** One tab of a browser. */
export class Tab {
  readonly #devTools: DevTools;
  readonly #targetId: string;
  readonly #session: string;

  constructor(devTools: DevTools, targetId: string, session: string) {
    this.#devTools = devTools;
    this.#targetId = targetId;
    this.#session = session;
  }

  async prepare(): Promise<void> {
    for (const domain of ['Page', 'Runtime', 'Network', 'Inspector']) await this.#send(`${domain}.enable`);
    // Nobody who waits for a page later may take the first, empty one for it.
    await this.evaluate(z.unknown(), LOADED);
  }

  /** Goes to an address; resolves when the page is there. */
  async open(url: string): Promise<void> {
    const loaded = this.#devTools.next('Page.loadEventFired', this.#session);
    await this.#send('Page.navigate', { url });
    await loaded;
  }

  async reload(): Promise<void> {
    const loaded = this.#devTools.next('Page.loadEventFired', this.#session);
    await this.#send('Page.reload');
    await loaded;
  }

  /** The value of an expression in the page, awaited there; throws what it throws. */
  async evaluate<Value>(shape: z.ZodType<Value>, expression: string): Promise<Value> {
    const answer = await this.#send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    const { result, exceptionDetails } = evaluated.parse(answer);
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return shape.parse(result.value);
  }

  /** The process behind the page ends in the middle of whatever it does. */
  async crash(): Promise<void> {
    const crashed = this.#devTools.next('Inspector.targetCrashed', this.#session);
    // There is nobody left to answer it.
    this.#send('Page.crash').catch(() => undefined);
    await crashed;
  }

  async close(): Promise<void> {
    await this.#devTools.send('Target.closeTarget', { targetId: this.#targetId });
  }

  async network(state: 'offline' | 'online'): Promise<void> {
    await this.#send('Network.emulateNetworkConditions', {
      offline: state === 'offline',
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: -1,
    });
  }

  #send(method: string, params: object = {}): Promise<unknown> {
    return this.#devTools.send(method, params, this.#session);
  }
}
