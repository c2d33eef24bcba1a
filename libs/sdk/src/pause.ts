import { timer } from './timer.ts';

/** A wait that can be cut short. */
export class Pause {
  #end: (() => void) | undefined;
  #asked = false;

  /** @param asked whether the service asked for it */
  wait(delayMs: number, asked: boolean): Promise<void> {
    return new Promise((resolve) => {
      const waiting = timer(delayMs, () => this.end());
      this.#asked = asked;
      this.#end = () => {
        waiting.cancel();
        resolve();
      };
    });
  }

  end(): void {
    this.#end?.();
    this.#end = undefined;
  }

  endUnlessAsked(): void {
    if (!this.#asked) this.end();
  }
}
