import type { ServerProcess } from '@heed/test-stack';

/** A server that can be started again on what it left behind. */
export class Restartable<Server extends ServerProcess> {
  readonly #open: () => Promise<Server>;
  #running: Server | undefined;

  constructor(open: () => Promise<Server>) {
    this.#open = open;
  }

  get server(): Server {
    if (this.#running === undefined) throw new Error('the server does not run');
    return this.#running;
  }

  async start(): Promise<Server> {
    this.#running = await this.#open();
    return this.#running;
  }

  /** As whoever watches over a server does: again and again, until it comes up. */
  async startUntilUp(attempts = 20): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.start();
        return;
      } catch (thrown) {
        if (attempt === attempts) throw thrown;
      }
    }
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    await this.#running?.end(signal);
    this.#running = undefined;
  }

  /** Ended in the middle of whatever it does, and started again. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
    await this.startUntilUp();
  }
}
